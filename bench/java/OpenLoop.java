import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends events at a fixed rate, and measures each from the moment it should have been sent.
 *
 * <p>A generator that waits for an answer before it sends the next request goes easy on a server that stalls, and leaves
 * out the requests that would have suffered. Here the times are fixed before the start: who comes late because the server
 * held up a connection has waited since then.
 *
 * <p>Arguments: PORT EVENTS RATE WARM-UP-SECONDS SECONDS CONNECTIONS STATUS ANSWERS. Writes "GUID NANOSECONDS-SINCE-1970"
 * for each answer to the file ANSWERS, and a line of JSON to stdout.
 */
public final class OpenLoop {
  private static final int MOST_WAIT_MILLIS = 30_000;

  private final int port;
  private final int status;
  private final int rate;
  private final int warmUp;
  private final byte[][] events;
  private final String[] guids;
  private final long[] latencies;
  private final long[] answeredAt;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger wrong = new AtomicInteger();
  private long begin;

  private OpenLoop(String[] arguments) throws IOException {
    port = Integer.parseInt(arguments[0]);
    List<String> lines = Files.readAllLines(Path.of(arguments[1]), UTF_8);
    events = lines.stream().map(OpenLoop::rest).toArray(byte[][]::new);
    rate = Integer.parseInt(arguments[2]);
    warmUp = rate * Integer.parseInt(arguments[3]);
    status = Integer.parseInt(arguments[6]);
    int total = warmUp + rate * Integer.parseInt(arguments[4]);
    guids = new String[total];
    latencies = new long[total];
    answeredAt = new long[total];
  }

  /** Sends, and says how it went. */
  public static void main(String[] arguments) throws Exception {
    OpenLoop load = new OpenLoop(arguments);
    load.run(Integer.parseInt(arguments[5]));
    load.writeAnswers(Path.of(arguments[7]));
    System.out.println(load.result());
  }

  /** All of a request that comes after its GUID. */
  private static byte[] rest(String line) {
    int blank = line.indexOf(' ');
    String body = line.substring(blank + 1);
    String head =
        "\r\nX-Hub-Signature-256: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(line.substring(0, blank), body.getBytes(UTF_8).length);
    return (head + body).getBytes(UTF_8);
  }

  private void run(int connections) throws InterruptedException {
    for (int index = 0; index < guids.length; index++) {
      guids[index] = guid(index);
    }
    begin = System.nanoTime() + 500_000_000;
    Thread[] threads = new Thread[connections];
    for (int index = 0; index < connections; index++) {
      threads[index] = new Thread(this::send);
      threads[index].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Of version 1, as GitHub's are: when it was made, its fastest part first, then by whom. */
  private static String guid(int index) {
    long time = 0x01f0000000000000L + index * 1000L; // in 100 ns
    long high = time << 32 | (time >>> 16 & 0xffff0000L) | 0x1000 | (time >>> 48 & 0xfff);
    return new UUID(high, UUID.randomUUID().getLeastSignificantBits()).toString();
  }

  /** One connection: takes the next event that nobody has taken, and waits for its time. */
  private void send() {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(MOST_WAIT_MILLIS);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int index = next.getAndIncrement(); index < guids.length; index = next.getAndIncrement()) {
        long due = begin + (long) (index * 1e9 / rate);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        socket.getOutputStream().write(request(index));
        if (readStatus(in) != status) {
          wrong.incrementAndGet();
        }
        latencies[index] = System.nanoTime() - due;
        Instant now = Instant.now();
        answeredAt[index] = now.getEpochSecond() * 1_000_000_000 + now.getNano();
      }
    } catch (IOException e) {
      wrong.incrementAndGet();
      System.err.println("A connection ended: " + e);
    }
  }

  private byte[] request(int index) {
    byte[] head =
        ("POST /hooks/handle_github HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: GitHub-Hookshot/044aadd\r\n"
                + "Accept: */*\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: "
                + guids[index])
            .getBytes(US_ASCII);
    byte[] rest = events[index % events.length];
    byte[] request = Arrays.copyOf(head, head.length + rest.length);
    System.arraycopy(rest, 0, request, head.length, rest.length);
    return request;
  }

  /** Reads one answer to its end. */
  private static int readStatus(InputStream in) throws IOException {
    int found = Integer.parseInt(line(in).split(" ")[1]);
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      }
    }
    in.skipNBytes(length);
    return found;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int letter = in.read(); letter != '\n'; letter = in.read()) {
      if (letter < 0) {
        throw new IOException("the server closed it");
      }
      if (letter != '\r') {
        text.append((char) letter);
      }
    }
    return text.toString();
  }

  private void writeAnswers(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int index = warmUp; index < guids.length; index++) {
        out.write(guids[index] + " " + answeredAt[index] + "\n");
      }
    }
  }

  private String result() {
    long[] sorted = Arrays.copyOfRange(latencies, warmUp, latencies.length);
    Arrays.sort(sorted);
    return ("{\"sent\":%d,\"wrong\":%d,\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f}")
        .formatted(
            latencies.length, wrong.get(), at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1));
  }

  /** In milliseconds. */
  private static double at(long[] sorted, double part) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * part))] / 1e6;
  }
}
