package dev.caravan.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client that sends what bytes it likes where HTTP/2 is spoken. */
final class Http2Connection implements AutoCloseable {
  private final SSLSocket socket;
  private final DataInputStream input;
  private final DefaultHttp2HeadersDecoder heads = new DefaultHttp2HeadersDecoder();

  Http2Connection(HookServer server) {
    try {
      socket = HttpsClients.socket(server.http2().port());
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(20_000);
      socket.startHandshake();
      input = new DataInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends it, as far as the server lets it; false when the connection is gone. */
  boolean send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * What becomes of stream 1: the status it is answered with, "reset", or "closed" when the
   * connection ends, in whatever way. A server that does none of this in time fails the test.
   */
  String outcome() {
    try {
      while (true) {
        Frame frame = next();
        switch (frame.type) {
          case Http2Frames.HEADERS -> {
            String status = status(frame);
            if (frame.stream == 1) {
              return status;
            }
          }
          case Http2Frames.RST_STREAM -> {
            if (frame.stream == 1) {
              return "reset";
            }
          }
          case Http2Frames.GO_AWAY -> {
            return "closed";
          }
          default -> {}
        }
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("The connection hangs", e);
    } catch (EOFException e) {
      return "closed";
    } catch (Http2Exception e) {
      throw new AssertionError("An answer that cannot be read", e);
    } catch (IOException e) {
      return "closed"; // by a reset
    }
  }

  /** The status that a stream is answered with, whatever is said before of others. */
  String answer(int stream) throws IOException, Http2Exception {
    while (true) {
      Frame frame = next();
      if (frame.type == Http2Frames.HEADERS) {
        String status = status(frame);
        if (frame.stream == stream) {
          return status;
        }
      }
    }
  }

  /** Waits until the server sends the client away; the last stream that it says it takes. */
  int lastStreamTaken() throws IOException {
    Frame frame = next();
    while (frame.type != Http2Frames.GO_AWAY) {
      frame = next();
    }
    return ByteBuffer.wrap(frame.payload).getInt();
  }

  /** Whether the server ends the connection in time; what it says before that does not matter. */
  boolean isEnded() {
    try {
      byte[] unread = new byte[4096];
      while (input.read(unread) >= 0) {
        // of no interest
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // only read, never compared
  private record Frame(int type, int flags, int stream, byte[] payload) {}

  private Frame next() throws IOException {
    int start = input.readInt(); // three bytes of length, one of type
    int flags = input.readUnsignedByte();
    int stream = input.readInt();
    byte[] payload = new byte[start >>> 8];
    input.readFully(payload);
    Frame frame = new Frame(start & 0xff, flags, stream, payload);
    if (frame.type == Http2Frames.SETTINGS && flags == 0) {
      send(Http2Frames.frame(Http2Frames.SETTINGS, Http2Frames.ACK, 0));
    }
    return frame;
  }

  private String status(Frame frame) throws Http2Exception {
    byte[] payload = frame.payload;
    int start = (frame.flags & Http2Frames.PRIORITIZED) == 0 ? 0 : Http2Frames.PRIORITY_BYTES;
    ByteBuf block = Unpooled.wrappedBuffer(payload, start, payload.length - start);
    return heads.decodeHeaders(frame.stream, block).status().toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
