package dev.caravan.rehearsal;

import dev.caravan.delivery.Delivery;
import dev.caravan.log.subscription.Attempt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An attempt whose outcome only its caller learns. */
final class RehearsedAttempt implements Attempt {
  private final Delivery delivery;
  private final String position;
  private final CompletableFuture<End> end = new CompletableFuture<>();

  /**
   * How it ended.
   *
   * @param cause of a failure, else null
   */
  record End(Verdict verdict, @Nullable Throwable cause) {}

  RehearsedAttempt(Delivery delivery, String position) {
    this.delivery = delivery;
    this.position = position;
  }

  /** Completes with the first outcome that is told. */
  CompletableFuture<End> end() {
    return end;
  }

  @Override
  public Delivery delivery() {
    return delivery;
  }

  @Override
  public String position() {
    return position;
  }

  @Override
  public int number() {
    return 1;
  }

  @Override
  public void succeeded() {
    end.complete(new End(Verdict.TAKEN, null));
  }

  @Override
  public boolean isSuperseded() {
    return false;
  }

  @Override
  public boolean isAlone() {
    return true;
  }

  @Override
  public void superseded() {
    notWanted();
  }

  @Override
  public void notWanted() {
    end.complete(new End(Verdict.NOT_WANTED, null));
  }

  @Override
  public void failed(Throwable cause) {
    end.complete(new End(Verdict.RETRIED, cause));
  }

  @Override
  public void failedForGood(Throwable cause) {
    end.complete(new End(Verdict.DEAD_LETTER, cause));
  }

  @Override
  public void cutOff() {
    end.complete(new End(Verdict.NOT_ENDED, null));
  }
}
