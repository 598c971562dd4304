package benchmark;

import java.util.Map;

/**
 * A run of an index command.
 *
 * @param products how many it indexed
 * @param seconds from the start of the indexer's process until a search of each index that it concerns found the last product
 * @param perSecond products a second
 * @param firstStoredSeconds from the same start until the product data service had stored something
 * @param indexerSeconds until the indexer's process had ended
 * @param resentProducts how many were stored a second time, because an update was sent again
 * @param cpuSeconds that each process used meanwhile
 * @param peakMemoryMb the most that each process ever had of the machine's memory, in MiB
 */
record IndexRun(
    int products,
    double seconds,
    double perSecond,
    double firstStoredSeconds,
    double indexerSeconds,
    long resentProducts,
    Map<String, Double> cpuSeconds,
    Map<String, Long> peakMemoryMb) {}
