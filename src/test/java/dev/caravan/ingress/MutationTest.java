package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real payloads and real requests, changed at random. {@code -Dhostile.seed=} repeats a run whose
 * seed is in its output.
 */
class MutationTest {
  private static final int CLIENTS = 4;
  private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());

  private final AtomicInteger taken = new AtomicInteger();
  private int mutators;
  private AttackedServer attacked;

  @BeforeEach
  void start() {
    System.out.println("-Dhostile.seed=" + SEED);
    attacked = AttackedServer.patient();
  }

  @AfterEach
  void stop() {
    attacked.close();
  }

  @Test
  void ofThreeThousandChangedPayloadsOnlyJsonObjectsAreTakenAndThoseByteForByte() {
    together(this::sendPayloads, 3000);

    assertThat(taken.get()).as("some are still JSON, most are not").isBetween(30, 2900);
    attacked.assertUnharmed();
  }

  @Test
  @Tag("hostile")
  void ofThreeHundredThousandChangedPayloadsOnlyJsonObjectsAreTakenAndThoseByteForByte() {
    attacked.repeatedly(100, () -> together(this::sendPayloads, 3000));
  }

  @Test
  void aThousandChangedRequestsAreRefusedOrHoldTheirSignature() {
    together(this::sendRequests, 1000);

    attacked.assertUnharmed();
  }

  @Test
  @Tag("hostile")
  void sixtyThousandChangedRequestsAreRefusedOrHoldTheirSignature() {
    attacked.repeatedly(20, () -> together(this::sendRequests, 3000));
  }

  @FunctionalInterface
  private interface Client {
    void send(Mutations mutations, int count) throws IOException;
  }

  private void together(Client client, int count) {
    List<Callable<Boolean>> clients = new ArrayList<>();
    for (int number = 0; number < CLIENTS; number++) {
      Mutations mutations = new Mutations(SEED + mutators++);
      clients.add(
          () -> {
            client.send(mutations, count / CLIENTS);
            return true;
          });
    }
    attacked.together(clients);
  }

  private void sendPayloads(Mutations mutations, int count) throws IOException {
    try (RawConnection connection = new RawConnection(attacked.server())) {
      for (int each = 0; each < count; each++) {
        Mutations.Mutation mutation = mutations.next();
        String guid = mutations.name() + "-" + each;
        byte[] payload = mutation.payload();

        String answer = connection.ask(request(guid, mutation));

        if (answer.startsWith("HTTP/1.1 202 ")) {
          assertThat(PlainJson.isObject(payload)).as(guid).isTrue();
          assertThat(attacked.log().delivery(guid).body()).as(guid).isEqualTo(payload);
          attacked.log().forget(guid);
          taken.incrementAndGet();
        } else {
          assertThat(answer).as(guid).startsWith("HTTP/1.1 400 ");
          AttackedServer.assertFit(guid, answer);
          assertThat(attacked.log().has(guid)).as(guid).isFalse();
        }
      }
    }
  }

  private void sendRequests(Mutations mutations, int count) {
    for (int each = 0; each < count; each++) {
      String guid = mutations.name() + "-" + each;
      Mutations.Mutation mutation =
          new Mutations.Mutation("push", "{\"ref\":\"main\"}".getBytes(ISO_8859_1));
      byte[] request = mutations.changed(mutations.changed(request(guid, mutation)));
      try (RawConnection connection = new RawConnection(attacked.server())) {
        connection.trySend(new String(request, ISO_8859_1));
        connection.endOutput();
        AttackedServer.assertFit(guid, connection.exchange(new byte[0]));
      }
      attacked
          .log()
          .takeAll()
          .forEach(
              delivery -> {
                taken.incrementAndGet();
                assertThat(delivery.body()).as(guid).isEqualTo(mutation.payload());
              });
    }
  }

  private static byte[] request(String guid, Mutations.Mutation mutation) {
    byte[] payload = mutation.payload();
    String head =
        Attack.head(Attack.LINE, guid, payload, "Content-Length: " + payload.length)
            .replace("X-GitHub-Event: push", "X-GitHub-Event: " + mutation.event());
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes((head + "\r\n").getBytes(ISO_8859_1));
    request.writeBytes(payload);
    return request.toByteArray();
  }
}
