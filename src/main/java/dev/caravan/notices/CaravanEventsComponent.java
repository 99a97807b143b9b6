package dev.caravan.notices;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** The Camel component {@code caravan-events:}. */
@Component("caravan-events")
public final class CaravanEventsComponent extends DefaultComponent {
  @Metadata(
      label = "advanced",
      description =
          "Where notices come from. By default the only bean of type dev.caravan.notices.Notices in"
              + " the registry; Caravan itself brings it.")
  private @Nullable Notices notices;

  public CaravanEventsComponent() {}

  /** For the notices that arrive there. */
  public CaravanEventsComponent(Notices notices) {
    this.notices = notices;
  }

  public @Nullable Notices getNotices() {
    return notices;
  }

  public void setNotices(@Nullable Notices notices) {
    this.notices = notices;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String kinds, Map<String, Object> parameters)
      throws Exception {
    CaravanEventsEndpoint endpoint = new CaravanEventsEndpoint(uri, this, this::source);
    endpoint.setKinds(kinds);
    setProperties(endpoint, parameters);
    endpoint.wanted(); // refused now, rather than when it starts
    return endpoint;
  }

  /** Where notices come from. */
  private Notices source() {
    Notices found =
        notices != null ? notices : getCamelContext().getRegistry().findSingleByType(Notices.class);
    if (found == null) {
      throw new IllegalStateException(
          "caravan-events: has something to tell in Caravan itself only. In another program, bind a dev.caravan.notices.Notices and tell it what happens.");
    }
    return found;
  }
}
