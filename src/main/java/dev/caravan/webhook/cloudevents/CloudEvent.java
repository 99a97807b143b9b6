package dev.caravan.webhook.cloudevents;

import static org.apache.camel.cloudevents.CloudEvent.CAMEL_CLOUD_EVENT_ID;
import static org.apache.camel.cloudevents.CloudEvent.CAMEL_CLOUD_EVENT_SOURCE;
import static org.apache.camel.cloudevents.CloudEvent.CAMEL_CLOUD_EVENT_SUBJECT;
import static org.apache.camel.cloudevents.CloudEvent.CAMEL_CLOUD_EVENT_TIME;
import static org.apache.camel.cloudevents.CloudEvent.CAMEL_CLOUD_EVENT_TYPE;
import static org.apache.camel.cloudevents.CloudEvent.CAMEL_CLOUD_EVENT_VERSION;

import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** A delivery's CloudEvents attributes (cloudevents/spec, "CloudEvents - Version 1.0.2"). */
public record CloudEvent(
    String id, String type, String source, @Nullable String subject, String time) {

  private static final int SMALL = 4096;

  /** Whether it takes little memory: texts from a payload may have any length. */
  boolean isSmall() {
    return source.length() + (subject == null ? 0 : subject.length()) < SMALL;
  }

  /** Sets Camel's headers for them. */
  public void write(Message message) {
    message.setHeader(CAMEL_CLOUD_EVENT_ID, id);
    message.setHeader(CAMEL_CLOUD_EVENT_VERSION, "1.0");
    message.setHeader(CAMEL_CLOUD_EVENT_TYPE, type);
    message.setHeader(CAMEL_CLOUD_EVENT_SOURCE, source);
    message.setHeader(CAMEL_CLOUD_EVENT_TIME, time);
    if (subject != null) {
      message.setHeader(CAMEL_CLOUD_EVENT_SUBJECT, subject);
    }
  }
}
