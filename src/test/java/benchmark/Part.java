package benchmark;

import java.util.Set;

/** Something to be measured in one go, alternating between what is compared. */
interface Part {

  /** The parts, by the names that one chooses them by, of which this measures those that are chosen. */
  Set<String> names();

  /** Measures. */
  void run(Bench bench) throws Exception;
}
