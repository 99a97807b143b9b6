package dev.caravan.notices;

import org.apache.camel.spi.Metadata;

/** The headers of a message that comes from {@code caravan-events:}. */
public final class CaravanEventsConstants {
  private static final String PREFIX = "CamelCaravanEvent";

  @Metadata(
      description =
          "What it is about: dead-letter, trouble, turned-away, silent-hooks, failing or route-file.",
      javaType = "String")
  public static final String KIND = "CamelCaravanEventKind";

  @Metadata(
      description = "began, over (after began) or happened (at one moment).",
      javaType = "String")
  public static final String STATE = "CamelCaravanEventState";

  @Metadata(description = "When that was.", javaType = "java.time.Instant")
  public static final String TIME = "CamelCaravanEventTime";

  @Metadata(description = "The subscription that has a dead letter, or fails.", javaType = "String")
  public static final String SUBSCRIPTION = "CamelCaravanEventSubscription";

  @Metadata(description = "GitHub's GUID of a dead letter.", javaType = "String")
  public static final String DELIVERY = "CamelCaravanEventDelivery";

  @Metadata(description = "GitHub's event of a dead letter.", javaType = "String")
  public static final String EVENT = "CamelCaravanEventEvent";

  @Metadata(description = "The repository of a dead letter.", javaType = "String")
  public static final String REPOSITORY = "CamelCaravanEventRepository";

  @Metadata(
      description = "Why: the last error of a dead letter, the trouble, what is wrong with a file.",
      javaType = "String")
  public static final String ERROR = "CamelCaravanEventError";

  @Metadata(description = "The owner of silent hooks.", javaType = "String")
  public static final String OWNER = "CamelCaravanEventOwner";

  @Metadata(description = "The route file.", javaType = "String")
  public static final String FILE = "CamelCaravanEventFile";

  @Metadata(
      description = "How many: dead letters, deliveries turned away, silent hooks.",
      javaType = "Long")
  public static final String COUNT = "CamelCaravanEventCount";

  private CaravanEventsConstants() {}

  /** The header of a notice's detail. */
  static String header(String detail) {
    return PREFIX + Character.toUpperCase(detail.charAt(0)) + detail.substring(1);
  }
}
