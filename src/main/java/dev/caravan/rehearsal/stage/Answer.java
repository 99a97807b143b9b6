package dev.caravan.rehearsal.stage;

import dev.caravan.log.subscription.NamePatterns;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint should answer in a rehearsal.
 *
 * @param to which endpoints: patterns over addresses as in {@link Send#to}, with {@code *} and
 *     {@code **}
 * @param status of an HTTP answer; from 400 on the call fails as it would
 * @param body that takes the place of the message's; null to leave that, and for HTTP nothing
 * @param failure why there is no answer; null when there is one
 */
public record Answer(
    NamePatterns to,
    int status,
    Map<String, String> headers,
    @Nullable String body,
    @Nullable String failure) {
  private static final int OK = 200;
  private static final int FIRST_ERROR = 400;

  /** What answers when nobody has said anything. */
  private static final Answer USUAL =
      new Answer(NamePatterns.parse("to", "**", pattern -> pattern), OK, Map.of(), null, null);

  /** The answer to what is sent. */
  static Answer to(Send send, List<Answer> answers) {
    return answers.stream().filter(each -> each.to().want(send.to())).findFirst().orElse(USUAL);
  }

  /**
   * Gives it.
   *
   * @throws Exception that the call fails with
   */
  void give(Exchange exchange, Send send) throws Exception {
    if (failure != null) {
      throw new IOException(failure);
    }
    boolean isHttp = send.method() != null;
    if (isHttp && status >= FIRST_ERROR) {
      throw new HttpOperationFailedException(
          send.to(), status, "", null, headers, body == null ? "" : body);
    }
    Message message = exchange.getMessage();
    headers.forEach(message::setHeader);
    if (isHttp) {
      message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
      message.setBody(body == null ? "" : body);
    } else if (body != null) {
      message.setBody(body);
    }
  }
}
