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
 * What the name of a segment says, so that a list of names shows whether one is missing.
 *
 * @param generation what it is part of: a copy of the whole file, and what has changed since
 * @param number its place in that, from 1
 * @param id a number of its own
 * @param whole whether the file is whole with it, and all before it, as it was at one moment
 */
record SegmentName(String generation, int number, long id, boolean whole) {
  private static final Pattern NAME =
      Pattern.compile("([0-9TZ]+-[0-9a-f]{8})/([0-9]{10})-([0-9a-f]{16})-(whole|part)\\.pages");

  /** Null for anything that is not a segment. */
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

  /** Those of a list of names that are segments, by their generation, the oldest first. */
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
