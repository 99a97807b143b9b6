package dev.caravan.notices;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Receive news about Caravan itself: dead letters, trouble, silent hooks, failing routes. */
// Asterisks are spelt out: the generator of the catalog drops them from descriptions.
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "caravan-events",
    title = "Caravan Events",
    syntax = "caravan-events:kinds",
    category = {Category.MONITORING},
    consumerOnly = true,
    headersClass = CaravanEventsConstants.class)
public final class CaravanEventsEndpoint extends DefaultEndpoint
    implements MultipleConsumersSupport {
  @UriPath(
      description =
          "What to receive: an asterisk for all, or names separated by commas: dead-letter,"
              + " trouble, turned-away, silent-hooks, failing, route-file.")
  @Metadata(required = true)
  private String kinds = "";

  private final Supplier<Notices> source;

  CaravanEventsEndpoint(String uri, Component component, Supplier<Notices> source) {
    super(uri, component);
    this.source = source;
  }

  public String getKinds() {
    return kinds;
  }

  public void setKinds(String kinds) {
    this.kinds = kinds;
  }

  @Override
  public boolean isMultipleConsumersSupported() {
    return true;
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException(
        "caravan-events: can only be read: write it under from, not under to.");
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    CaravanEventsConsumer consumer = new CaravanEventsConsumer(this, processor, wanted(), source);
    configureConsumer(consumer);
    return consumer;
  }

  /**
   * The kinds of notices that it wants.
   *
   * @throws IllegalArgumentException for a word that is not one of them
   */
  Set<NoticeKind> wanted() {
    Set<NoticeKind> wanted = EnumSet.noneOf(NoticeKind.class);
    for (String each : kinds.split(",", -1)) {
      String word = each.strip();
      if (word.equals("*")) {
        return EnumSet.allOf(NoticeKind.class);
      }
      wanted.add(kind(word));
    }
    return wanted;
  }

  private static NoticeKind kind(String word) {
    for (NoticeKind kind : NoticeKind.values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "caravan-events: has no '%s'. Write * for all, or some of %s."
            .formatted(word, String.join(", ", NoticeKind.words())));
  }
}
