package dev.caravan.ingress.request;

/**
 * A request that the client must not send again as it is, with the answer that it gets.
 *
 * <p>It is not a fault of ours and is thrown often, hence no stack trace.
 */
public final class Rejected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  public Rejected(Answer answer) {
    super(answer.text(), null, false, false);
    this.answer = answer;
  }

  /**
   * For one that was signed, but is not a delivery.
   *
   * @param sentence what is wrong; never what the client sent
   */
  public static Rejected malformed(String sentence) {
    return new Rejected(new Answer(400, sentence, RefusalReason.MALFORMED));
  }

  public Answer answer() {
    return answer;
  }
}
