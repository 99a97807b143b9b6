package dev.caravan.cli;

import dev.caravan.github.recovery.ReceivingSide;
import dev.caravan.log.subscription.EventFilter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The running server, asked through its management port. */
final class RunningServer implements ReceivingSide {
  private final ServerAccess server;

  RunningServer(ServerAccess server) {
    this.server = server;
  }

  @Override
  public Set<String> known(Collection<String> guids) {
    if (guids.isEmpty()) {
      return Set.of();
    }
    return server.known(new JsonArray(List.copyOf(guids))).getJsonArray("known").stream()
        .map(String::valueOf)
        .collect(Collectors.toSet());
  }

  @Override
  public List<EventFilter> wanted() {
    return server.subscriptions().getJsonArray("subscriptions").stream()
        .map(JsonObject.class::cast)
        .filter(subscription -> subscription.getBoolean("running"))
        .map(
            subscription ->
                EventFilter.parse(
                    subscription.getJsonArray("events").stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(",")),
                    subscription.getString("repository")))
        .toList();
  }

  @Override
  public List<String> broken() {
    return server.routes().getJsonArray("files").stream()
        .map(JsonObject.class::cast)
        .filter(file -> file.getJsonObject("problem") != null)
        .map(file -> file.getString("file"))
        .toList();
  }
}
