package dev.caravan.console;

import dev.caravan.log.history.DeliverySummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the list of deliveries.
 *
 * @param older the address of the next page, or null when this is the last
 * @param newest the address of the first page
 * @param live the address of live updates, or null for a list without
 * @param subscriptions the subscriptions to choose from
 * @param hookUrl the URL of the hook, for users without any delivery yet
 */
public record DeliveryList(
    DeliveryFilter filter,
    List<DeliverySummary> rows,
    @Nullable String older,
    String newest,
    @Nullable String live,
    List<String> subscriptions,
    String hookUrl) {

  /** The address of the same list without live updates. */
  public String pauseAddress() {
    String address = filter.address();
    return "/" + (address.isEmpty() ? "?" : address + "&") + "live=off";
  }
}
