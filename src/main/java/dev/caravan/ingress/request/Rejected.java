package dev.caravan.ingress.request;

/**
 * A request that the client must not send again as it is, with the answer that it gets.
 *
 * <p>It has no stack trace, since it is no fault of the program and thrown often.
 */
public final class Rejected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  public Rejected(Answer answer) {
    super(answer.text(), null, false, false);
    this.answer = answer;
  }

  /**
   * For a request that is signed but is no delivery.
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
