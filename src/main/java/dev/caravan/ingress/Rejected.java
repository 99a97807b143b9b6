package dev.caravan.ingress;

/**
 * A request that the client must not send again as it is, with the answer that it gets.
 *
 * <p>It is not a fault of ours and is thrown often, hence no stack trace.
 */
final class Rejected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  Rejected(Answer answer) {
    super(answer.text(), null, false, false);
    this.answer = answer;
  }

  /**
   * Of one that was signed, and is no delivery.
   *
   * @param sentence what is wrong; never what the client sent
   */
  static Rejected malformed(String sentence) {
    return new Rejected(new Answer(400, sentence, RefusalReason.MALFORMED));
  }

  Answer answer() {
    return answer;
  }
}
