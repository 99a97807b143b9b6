package dev.caravan.log.sqlite.commit;

import dev.caravan.log.LogUnavailableException;
import dev.caravan.log.Receipt;
import dev.caravan.log.tables.NewDelivery;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/** A delivery on its way into the log. */
public final class Append implements TransactionPart {
  private final NewDelivery delivery;
  private final CompletableFuture<Receipt> receipt = new CompletableFuture<>();
  private final long since = System.nanoTime();
  private long position;

  public Append(NewDelivery delivery) {
    this.delivery = delivery;
  }

  @Override
  public long since() {
    return since;
  }

  @Override
  public void write(Transaction writer) throws SQLException {
    position = writer.append(delivery);
  }

  @Override
  public void committed() {
    receipt.complete(new Receipt(delivery.delivery().guid(), Long.toString(position)));
  }

  @Override
  public void failed(LogUnavailableException cause) {
    receipt.completeExceptionally(cause);
  }

  public CompletableFuture<Receipt> receipt() {
    return receipt;
  }
}
