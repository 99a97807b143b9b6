package dev.caravan.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Posts over HTTP/1.1 in clear text, by a connection for each or one for as long as it may be. */
final class PlainPoster implements SteadyClients.Poster {
  private static final int LONGEST_WAIT = 60_000;

  private final URI hook;
  private final boolean keeps;
  private @Nullable Socket connection;

  PlainPoster(URI hook, boolean keeps) {
    this.hook = hook;
    this.keeps = keeps;
  }

  @Override
  public int post(SignedPush push) throws IOException {
    Socket socket = connection;
    if (socket == null) {
      socket = new Socket(hook.getHost(), hook.getPort());
      socket.setSoTimeout(LONGEST_WAIT);
      socket.setTcpNoDelay(true);
      connection = socket;
    }
    byte[] head = push.head(hook);
    byte[] request = new byte[head.length + push.body().length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(push.body(), 0, request, head.length, push.body().length);
    socket.getOutputStream().write(request);
    InputStream answer = new BufferedInputStream(socket.getInputStream());
    String status = line(answer);
    int length = 0;
    boolean ends = !keeps;
    for (String field = line(answer); !field.isEmpty(); field = line(answer)) {
      String lower = field.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
      }
      ends |= lower.equals("connection: close");
    }
    answer.readNBytes(length);
    if (ends) {
      close();
    }
    return Integer.parseInt(status.split(" ", 3)[1]);
  }

  @Override
  public void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (IOException e) {
      // it is not used any more
    }
    connection = null;
  }

  private static String line(InputStream answer) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = answer.read(); next != '\n'; next = answer.read()) {
      if (next < 0) {
        throw new IOException("The connection ended before there was an answer");
      }
      line.append((char) next);
    }
    return new String(line.toString().strip().getBytes(US_ASCII), US_ASCII);
  }
}
