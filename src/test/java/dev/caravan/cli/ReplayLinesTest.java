package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** What is printed of a replay in the end. */
class ReplayLinesTest {
  @Test
  void aReplayThatWasCancelledMeanwhileDoesNotReadAsDone() {
    JsonObject end =
        new JsonObject()
            .put("state", "cancelled")
            .put("matched", 2046)
            .put("scheduled", new JsonObject().put("fwd", 2046))
            .put("alreadyWaiting", 0)
            .put("notWanted", 0)
            .put("notKept", 0)
            .put("lastDueAt", "2026-11-26T18:00:00Z");

    assertThat(ReplayCommand.lines(end, false, true))
        .contains(
            "The replay was cancelled. What has not begun to run is taken back; caravan replay list says how much.")
        .noneMatch(line -> line.contains("due at"));
  }
}
