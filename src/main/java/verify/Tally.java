package verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** How many products a place holds how, with the first ids of those that differ. Not thread safe. */
public final class Tally {

  private static final int FIRST_IDS = 10;
  private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");

  private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
  private final Map<Verdict, List<String>> firstIds = new EnumMap<>(Verdict.class);

  public void add(String id, Verdict verdict) {
    counts.merge(verdict, 1L, Long::sum);
    List<String> ids = firstIds.computeIfAbsent(verdict, any -> new ArrayList<>());
    if (verdict.differs() && ids.size() < FIRST_IDS) {
      ids.add(CONTROLS.matcher(id).replaceAll("?"));
    }
  }

  public long count(Verdict verdict) {
    return counts.getOrDefault(verdict, 0L);
  }

  /** How many differ. */
  public long differing() {
    return counts.entrySet().stream().filter(each -> each.getKey().differs()).mapToLong(Map.Entry::getValue).sum();
  }

  /** In words, such as {@code 998 equal, 2 missing (17, 4), 0 stale, 0 orphaned}. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    for (Verdict verdict : List.of(Verdict.EQUAL, Verdict.MISSING, Verdict.STALE, Verdict.ORPHANED)) {
      long count = count(verdict);
      String ids = String.join(", ", firstIds.getOrDefault(verdict, List.of()));
      String shown = ids.isEmpty() ? "" : " (" + ids + (count > FIRST_IDS ? ", …" : "") + ")";
      words.add(String.format(Locale.ROOT, "%,d %s%s", count, verdict.name().toLowerCase(Locale.ROOT), shown));
    }
    return String.join(", ", words);
  }
}
