package dev.caravan.github.recovery;

import dev.caravan.config.ProgramName;
import dev.caravan.github.api.Hook;
import dev.caravan.github.api.HookDelivery;

/**
 * A delivery that is wanted but not here.
 *
 * @param attempt GitHub's newest attempt to deliver it to that hook
 */
record MissedDelivery(Hook hook, HookDelivery attempt) {
  private static final int FORBIDDEN = 403;

  String guid() {
    return attempt.guid();
  }

  boolean wasRefused() {
    return attempt.statusCode() == FORBIDDEN;
  }

  MissedDelivery with(HookDelivery newer) {
    return new MissedDelivery(hook, newer);
  }

  /** Whether another attempt would only get the same answer. */
  boolean isFinal() {
    int code = attempt.statusCode();
    return code / 100 == 4 && code != 408 && code != 429;
  }

  /** The result of the newest attempt, for the user. */
  String reason() {
    int code = attempt.statusCode();
    if (code == FORBIDDEN) {
      return "refused for its signature (403): the hook has another secret, %s says more"
          .formatted(ProgramName.with("refused"));
    }
    if (attempt.succeeded()) {
      return "GitHub's attempt was answered %d, but not by this log".formatted(code);
    }
    if (code == 0) {
      return "GitHub got no answer (%s)".formatted(attempt.status());
    }
    return "GitHub's attempt was answered %d (%s)".formatted(code, attempt.status());
  }
}
