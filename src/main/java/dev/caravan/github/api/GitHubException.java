package dev.caravan.github.api;

/** GitHub did not do what was asked of it. The message is a sentence for the user. */
public final class GitHubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** In place of a status, when no answer came. */
  public static final int NO_ANSWER = 0;

  private final int status;

  /**
   * With a sentence for the user.
   *
   * @param status that of GitHub's answer, or {@link #NO_ANSWER}
   */
  public GitHubException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The status of GitHub's answer, or {@link #NO_ANSWER}. */
  public int status() {
    return status;
  }

  /** Whether it concerns this request only, and the next may succeed. */
  public boolean isAboutOneRequest() {
    return status == 400 || status == 404 || status == 410 || status == 422;
  }

  /** Whether GitHub may have done it nevertheless. */
  public boolean mayBeDone() {
    return status == NO_ANSWER || status >= 500;
  }
}
