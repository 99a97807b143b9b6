package dev.caravan.ingress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Our sample events, changed at random; the same seed gives the same ones. */
final class Mutations {
  private static final List<String> EVENTS =
      List.of("push", "pull_request", "issues", "check_run", "workflow_run", "release", "ping");
  private static final int MOST_CHANGES = 8;
  private static final int LONGEST = 64 * 1024;

  private final long seed;
  private final Random random;
  private final List<byte[]> samples = new ArrayList<>();

  /** A payload of that event, changed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Mutation(String event, byte[] payload) {}

  Mutations(long seed) {
    this.seed = seed;
    random = new Random(seed);
    for (String event : EVENTS) {
      String file = "/dev/caravan/samples/" + event + ".json";
      try (InputStream stream = Mutations.class.getResourceAsStream(file)) {
        samples.add(stream.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What tells its deliveries from those of another. */
  String name() {
    return "seed-" + seed;
  }

  /** One of the samples, changed. */
  Mutation next() {
    int sample = random.nextInt(samples.size());
    byte[] payload = samples.get(sample);
    for (int left = random.nextInt(MOST_CHANGES); left >= 0; left -= 1 + random.nextInt(4)) {
      payload = changed(payload);
    }
    return new Mutation(EVENTS.get(sample), payload);
  }

  /** The bytes with one change. */
  byte[] changed(byte[] bytes) {
    if (bytes.length == 0) {
      return noise();
    }
    int at = random.nextInt(bytes.length);
    int end = Math.min(bytes.length, at + 1 + random.nextInt(1 << random.nextInt(10)));
    byte[] changed = bytes.clone();
    switch (random.nextInt(9)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> changed[at] = (byte) random.nextInt(256);
      case 2 -> changed[at] = (byte) ('a' + random.nextInt(26)); // often still JSON
      case 3 -> changed = Arrays.copyOf(bytes, at);
      case 4 -> changed = join(bytes, at, new byte[0], end);
      case 5 -> changed = join(bytes, at, noise(), at);
      case 6 -> changed = join(bytes, at, Arrays.copyOfRange(bytes, at, end), at);
      case 7 -> changed = join(bytes, at, other(end - at), end);
      default -> {
        int with = random.nextInt(bytes.length);
        changed[at] = bytes[with];
        changed[with] = bytes[at];
      }
    }
    return changed.length > LONGEST ? bytes : changed;
  }

  private byte[] noise() {
    byte[] noise = new byte[1 + random.nextInt(16)];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] other(int length) {
    byte[] sample = samples.get(random.nextInt(samples.size()));
    int from = random.nextInt(sample.length);
    return Arrays.copyOfRange(sample, from, Math.min(sample.length, from + length));
  }

  private static byte[] join(byte[] bytes, int until, byte[] middle, int from) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.write(bytes, 0, until);
    joined.writeBytes(middle);
    joined.write(bytes, from, bytes.length - from);
    return joined.toByteArray();
  }
}
