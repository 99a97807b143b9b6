package dev.caravan.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Events of a made-up repository, one of each kind for which routes are usually written. */
final class SampleEvents {
  private static final String FOLDER = "/dev/caravan/samples/";

  // A list, since the entries of a directory in a jar cannot be listed reliably.
  private static final List<String> NAMES =
      List.of(
          "check_run",
          "create",
          "delete",
          "deployment",
          "deployment_status",
          "fork",
          "issue_comment",
          "issues",
          "ping",
          "pull_request",
          "pull_request_review",
          "push",
          "release",
          "star",
          "status",
          "watch",
          "workflow_dispatch",
          "workflow_run");

  private SampleEvents() {}

  /** The events that have a sample, sorted. */
  static List<String> names() {
    return NAMES;
  }

  /** The payload of a sample without its indentation, as GitHub would send it. */
  static byte[] payload(String event) {
    if (!NAMES.contains(event)) {
      throw new IllegalArgumentException("There is no sample of " + event);
    }
    ByteArrayOutputStream compact = new ByteArrayOutputStream(1 << 15);
    // GitHub sends emoji as they are, in UTF-8.
    JsonFactory json =
        new JsonFactory().enable(JsonGenerator.Feature.COMBINE_UNICODE_SURROGATES_IN_UTF8);
    try (InputStream file = SampleEvents.class.getResourceAsStream(FOLDER + event + ".json");
        JsonParser parser = json.createParser(file);
        JsonGenerator generator = json.createGenerator(compact)) {
      while (parser.nextToken() != null) {
        generator.copyCurrentEvent(parser);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compact.toByteArray();
  }
}
