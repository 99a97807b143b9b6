package dev.caravan.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What GitHub answered.
 *
 * @param body a missing node when there was no JSON
 */
record Answer(int status, HttpHeaders headers, JsonNode body) {
  private static final String NEXT = "<[^>]*[?&]%s=([A-Za-z0-9_.~%%=+-]+)[^>]*>; *rel=\"next\"";

  boolean isSuccess() {
    return status / 100 == 2;
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** The same answer with the headers of a newer one, which only says that it is still valid. */
  Answer confirmedBy(Answer newer) {
    Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(headers.map());
    all.putAll(newer.headers().map());
    return new Answer(status, HttpHeaders.of(all, (name, value) -> true), body);
  }

  /** When GitHub answered, by its clock; null when it does not say. */
  @Nullable Instant date() {
    try {
      return DateTimeFormatter.RFC_1123_DATE_TIME.parse(header("Date"), Instant::from);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /**
   * The value of a query parameter in the address of the next page, null when there is none.
   * Nothing else is taken from it: an answer never decides where requests go.
   */
  @Nullable String next(String parameter) {
    Matcher matcher = Pattern.compile(NEXT.formatted(parameter)).matcher(header("Link"));
    return matcher.find() ? matcher.group(1) : null;
  }
}
