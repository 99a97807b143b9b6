package dev.caravan.ingress;

import dev.caravan.delivery.Delivery;
import dev.caravan.ingress.request.HookRequest;
import dev.caravan.ingress.request.Rejected;
import dev.caravan.ingress.route.LimitExpansion;
import dev.caravan.ingress.route.ReadDelivery;
import dev.caravan.ingress.route.ReceivedDelivery;
import dev.caravan.ingress.signature.UnverifiedRing;
import dev.caravan.ingress.signature.Verification;
import dev.caravan.log.DeliveryLog;
import dev.caravan.secrets.LabelledSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Verifies, reads and appends refused requests again with the current secrets, as at the port. */
final class Reverify {
  private final UnverifiedRing ring;
  private final Verification verification;
  private final LimitExpansion limit;
  private final DeliveryLog log;

  Reverify(UnverifiedRing ring, Verification verification, LimitExpansion limit, DeliveryLog log) {
    this.limit = limit;
    this.ring = ring;
    this.verification = verification;
    this.log = log;
  }

  private record Appending(UnverifiedRing.Kept kept, CompletableFuture<?> done) {}

  /** Processes all kept requests, and waits for the log. Never call it on an event loop. */
  synchronized Reverified run() {
    int refused = 0;
    List<Appending> appending = new ArrayList<>();
    for (UnverifiedRing.Kept kept : ring.all()) {
      Delivery delivery = delivery(kept.request());
      if (delivery == null) {
        refused++;
      } else {
        appending.add(new Appending(kept, log.append(delivery)));
      }
    }
    int failed = 0;
    for (Appending each : appending) {
      try {
        each.done().join();
        ring.remove(each.kept());
      } catch (CompletionException e) {
        failed++; // the log reports why; the request stays in the ring
      }
    }
    return new Reverified(appending.size() - failed, refused, failed);
  }

  private @Nullable Delivery delivery(HookRequest request) {
    LabelledSecret signer = verification.signer(request);
    if (signer == null) {
      return null;
    }
    try {
      ReceivedDelivery received = ReadDelivery.read(request);
      LabelledSecret secret = verification.entitled(request, signer, received.ownership());
      if (secret != null) {
        limit.check(received.delivery());
        secret.used(request.receivedAt());
        return received.delivery();
      }
    } catch (Rejected e) {
      // signed, but no delivery: the port would answer 400 or 413
    }
    return null;
  }
}
