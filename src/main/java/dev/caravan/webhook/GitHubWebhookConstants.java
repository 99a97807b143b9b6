package dev.caravan.webhook;

import dev.caravan.delivery.GitHubHeaders;
import org.apache.camel.cloudevents.CloudEvent;
import org.apache.camel.spi.Metadata;

/**
 * The headers of a message that comes from {@code github-webhook:}.
 *
 * <p>Those that start with Camel are left out of outgoing HTTP calls by Camel itself; GitHub's own
 * go along unless a route removes them.
 */
public final class GitHubWebhookConstants {
  @Metadata(description = "GitHub's name of the event, such as push.", javaType = "String")
  public static final String EVENT = GitHubHeaders.EVENT;

  @Metadata(
      description = "GitHub's GUID of the delivery, the same again in a retry and a redelivery.",
      javaType = "String")
  public static final String DELIVERY = GitHubHeaders.DELIVERY;

  @Metadata(description = "The number of the hook that sent the delivery.", javaType = "String")
  public static final String HOOK_ID = GitHubHeaders.HOOK_ID;

  @Metadata(
      description = "What the hook belongs to: repository, organization, integration or business.",
      javaType = "String")
  public static final String HOOK_INSTALLATION_TARGET_TYPE = GitHubHeaders.TARGET_TYPE;

  @Metadata(description = "The number of what the hook belongs to.", javaType = "String")
  public static final String HOOK_INSTALLATION_TARGET_ID = GitHubHeaders.TARGET_ID;

  @Metadata(
      description = "GitHub's HMAC-SHA256 over the body. Only with payload=raw.",
      javaType = "String")
  public static final String SIGNATURE_256 = GitHubHeaders.SIGNATURE_256;

  @Metadata(
      description = "GitHub's HMAC-SHA1 over the body. Only with payload=raw.",
      javaType = "String")
  public static final String SIGNATURE = GitHubHeaders.SIGNATURE;

  @Metadata(
      description =
          "The request's content type, which says how to read the body. Only with payload=raw.",
      javaType = "String")
  public static final String CONTENT_TYPE = "Content-Type";

  @Metadata(
      description = "The payload's action, such as opened, when it has one.",
      javaType = "String")
  public static final String ACTION = "CamelGitHubWebhookAction";

  @Metadata(
      description = "The repository as owner/name, when the payload names one.",
      javaType = "String")
  public static final String REPOSITORY = "CamelGitHubWebhookRepository";

  @Metadata(
      description = "The login of the user who caused the event, when the payload names one.",
      javaType = "String")
  public static final String SENDER = "CamelGitHubWebhookSender";

  @Metadata(description = "Where the delivery is in the log; opaque.", javaType = "String")
  public static final String POSITION = "CamelGitHubWebhookPosition";

  @Metadata(
      description = "1 for the first try at this delivery, one more for each retry.",
      javaType = "Integer")
  public static final String ATTEMPT = "CamelGitHubWebhookAttempt";

  @Metadata(
      description = "Bytes of the body as GitHub sent it, up to 25 MiB.",
      javaType = "Integer")
  public static final String SIZE = "CamelGitHubWebhookSize";

  @Metadata(description = "CloudEvents id: GitHub's GUID.", javaType = "String")
  public static final String CLOUD_EVENT_ID = CloudEvent.CAMEL_CLOUD_EVENT_ID;

  @Metadata(
      description =
          "CloudEvents type: com.github., the event, and the action after a dot when there is one.",
      javaType = "String")
  public static final String CLOUD_EVENT_TYPE = CloudEvent.CAMEL_CLOUD_EVENT_TYPE;

  @Metadata(
      description = "CloudEvents source: mostly the repository's API address.",
      javaType = "String")
  public static final String CLOUD_EVENT_SOURCE = CloudEvent.CAMEL_CLOUD_EVENT_SOURCE;

  @Metadata(
      description =
          "CloudEvents subject: the number, name or ref within the source, when there is one.",
      javaType = "String")
  public static final String CLOUD_EVENT_SUBJECT = CloudEvent.CAMEL_CLOUD_EVENT_SUBJECT;

  @Metadata(
      description =
          "CloudEvents time: when it happened by the payload, else when the delivery was received.",
      javaType = "String")
  public static final String CLOUD_EVENT_TIME = CloudEvent.CAMEL_CLOUD_EVENT_TIME;

  @Metadata(description = "CloudEvents specversion: 1.0.", javaType = "String")
  public static final String CLOUD_EVENT_VERSION = CloudEvent.CAMEL_CLOUD_EVENT_VERSION;

  private GitHubWebhookConstants() {}
}
