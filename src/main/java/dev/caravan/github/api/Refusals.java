package dev.caravan.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.logging.Printable;
import java.util.ArrayList;
import java.util.List;

/** Turns GitHub's refusal into a sentence: what was asked, what GitHub says, what to do. */
final class Refusals {
  private static final int LONGEST = 300;

  private Refusals() {}

  static GitHubException of(Answer answer, Need need, String credentials) {
    String said = said(answer);
    String sentence =
        switch (answer.status()) {
          case 401 ->
              "GitHub does not accept %s (%s). Make a new one, or check the clock of this machine."
                  .formatted(credentials, said);
          case 403 ->
              "GitHub does not let %s %s (%s).%s"
                  .formatted(credentials, need.purpose(), said, needed(answer, need));
          case 404 ->
              "GitHub answers 404 when %s is to %s: it does not exist, or these credentials may not see it.%s"
                  .formatted(credentials, need.purpose(), needed(answer, need));
          default ->
              "GitHub answers %d when asked to %s (%s)."
                  .formatted(answer.status(), need.purpose(), said);
        };
    return new GitHubException(answer.status(), sentence);
  }

  private static String needed(Answer answer, Need need) {
    String accepted = answer.header("X-Accepted-GitHub-Permissions");
    return (need.permission().isEmpty() ? "" : " It needs " + need.permission() + ".")
        + (accepted.isEmpty() ? "" : " GitHub asks for " + plain(accepted) + ".");
  }

  private static String said(Answer answer) {
    List<String> parts = new ArrayList<>();
    parts.add(answer.body().path("message").asText(""));
    for (JsonNode error : answer.body().path("errors")) {
      parts.add(error.isTextual() ? error.asText() : error.path("message").asText(""));
    }
    parts.removeIf(String::isEmpty);
    return parts.isEmpty() ? "it does not say why" : plain(String.join(": ", parts));
  }

  /** Text from outside in one line of limited length. */
  private static String plain(String text) {
    String line = Printable.line(text);
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
