package dev.caravan.log.shipping;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a segment; a list of names shows whether one is missing.
 *
 * @param generation the copy it belongs to, with what has changed since
 * @param number its place in the generation, from 1
 * @param id a random number
 * @param whole whether it and all before it make a whole file, as of one moment
 */
record SegmentName(String generation, int number, long id, boolean whole) {
  private static final Pattern NAME =
      Pattern.compile("([0-9TZ]+-[0-9a-f]{8})/([0-9]{10})-([0-9a-f]{16})-(whole|part)\\.pages");

  /** Reads a name; null if it is not that of a segment. */
  static @Nullable SegmentName parse(String name) {
    Matcher parts = NAME.matcher(name);
    return parts.matches()
        ? new SegmentName(
            parts.group(1),
            Integer.parseInt(parts.group(2)),
            HexFormat.fromHexDigitsToLong(parts.group(3)),
            parts.group(4).equals("whole"))
        : null;
  }

  /** The segments among these names by generation, the oldest first. */
  static NavigableMap<String, List<SegmentName>> byGeneration(List<String> names) {
    NavigableMap<String, List<SegmentName>> generations = new TreeMap<>();
    for (String name : names) {
      SegmentName segment = parse(name);
      if (segment != null) {
        generations.computeIfAbsent(segment.generation(), any -> new ArrayList<>()).add(segment);
      }
    }
    return generations;
  }

  @Override
  public String toString() {
    return "%s/%s-%s-%s.pages"
        .formatted(
            generation,
            String.format(Locale.ROOT, "%010d", number),
            HexFormat.of().toHexDigits(id),
            whole ? "whole" : "part");
  }
}
