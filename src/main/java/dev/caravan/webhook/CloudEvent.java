package dev.caravan.webhook;

import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** A delivery's CloudEvents attributes (cloudevents/spec, "CloudEvents - Version 1.0.2"). */
record CloudEvent(String id, String type, String source, @Nullable String subject, String time) {

  private static final int SMALL = 4096;

  /** Whether it takes little memory: what comes from a payload may be of any length. */
  boolean isSmall() {
    return source.length() + (subject == null ? 0 : subject.length()) < SMALL;
  }

  /** Sets Camel's headers for them. */
  void write(Message message) {
    message.setHeader(GitHubWebhookConstants.CLOUD_EVENT_ID, id);
    message.setHeader(GitHubWebhookConstants.CLOUD_EVENT_VERSION, "1.0");
    message.setHeader(GitHubWebhookConstants.CLOUD_EVENT_TYPE, type);
    message.setHeader(GitHubWebhookConstants.CLOUD_EVENT_SOURCE, source);
    message.setHeader(GitHubWebhookConstants.CLOUD_EVENT_TIME, time);
    if (subject != null) {
      message.setHeader(GitHubWebhookConstants.CLOUD_EVENT_SUBJECT, subject);
    }
  }
}
