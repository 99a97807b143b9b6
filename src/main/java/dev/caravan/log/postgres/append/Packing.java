package dev.caravan.log.postgres.append;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.Dedupe;
import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.postgres.shards.NodeMemory;
import dev.caravan.log.tables.NewDelivery;

/** Makes deliveries ready to be stored, with what this node remembers of the log. */
public record Packing(Dedupe dedupe, Dictionaries dictionaries, NodeMemory memory) {
  NewDelivery pack(Delivery delivery) {
    return new NewDelivery(delivery, dedupe, dictionaries.newest());
  }

  /** When it changes, deliveries packed before may name a dictionary that does not exist. */
  int times() {
    return memory.times();
  }
}
