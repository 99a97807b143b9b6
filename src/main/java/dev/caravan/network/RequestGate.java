package dev.caravan.network;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Decides whether a further request of an HTTP/1 connection is let in, and lets nothing in after
 * one that is not.
 *
 * <p>A request is not let in if another reader may read its head differently. Nor after a request
 * or an answer that announced the end of the connection (RFC 9112, 9.6): what follows a refused
 * request may be the rest of its body, and Vert.x would drop it without giving its memory back. Nor
 * from a client that sends requests and does not wait for the answers, or does not read them:
 * Vert.x keeps both in memory without limit.
 */
final class RequestGate extends ChannelDuplexHandler {
  private static final DecoderResult AMBIGUOUS =
      DecoderResult.failure(
          new IllegalArgumentException("A head that can be read in more than one way"));
  private static final int MOST_UNANSWERED = 32;
  private static final int MOST_BYTES_NOT_TAKEN = 1024 * 1024;

  private int unanswered;
  private boolean isLast;
  private boolean isShut;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request && !isShut) {
      begin(context, request);
    } else if (isShut) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    unanswered++;
    boolean hasRoom = unanswered == 1 || ConnectionClock.of(context.channel()).takesAnother();
    if (isLast) {
      isShut = true;
    } else if (!hasRoom || asksTooMuch(context)) {
      isShut = true;
      var unused = context.close();
    } else {
      if (request.decoderResult().isSuccess() && isAmbiguous(request)) {
        request.setDecoderResult(AMBIGUOUS);
      }
      isShut = request.decoderResult().isFailure(); // Vert.x answers 400, and closes
      isLast = !isKept(request);
      context.fireChannelRead(request);
    }
  }

  private static boolean isAmbiguous(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return headers.contains("")
        || (headers.contains(HttpHeaderNames.TRANSFER_ENCODING) && !isChunked(request));
  }

  private static boolean isChunked(HttpRequest request) {
    List<String> encodings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return encodings.size() == 1
        && encodings.get(0).equalsIgnoreCase("chunked")
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
  }

  /** Whether Vert.x keeps the connection after it; in its words, which are not quite the RFC's. */
  private static boolean isKept(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        ? !headers.contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)
        : headers.contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE, true);
  }

  private boolean asksTooMuch(ChannelHandlerContext context) {
    return unanswered > MOST_UNANSWERED
        || context.channel().bytesBeforeWritable() > MOST_BYTES_NOT_TAKEN;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    boolean isInterim = false;
    if (message instanceof HttpResponse response) {
      isInterim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      isLast |=
          response
              .headers()
              .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }
    if (message instanceof LastHttpContent && !isInterim) {
      unanswered--;
      if (unanswered > 0) {
        ConnectionClock.of(context.channel()).givesBack();
      }
    }
    var unused = context.write(message, promise);
  }
}
