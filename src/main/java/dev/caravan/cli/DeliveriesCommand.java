package dev.caravan.cli;

import picocli.CommandLine.Command;

/** Shows what has been received; without a subcommand, a list. */
@Command(
    name = "deliveries",
    description = {
      "Lists the deliveries received, newest first, from the running server or, if none is running, from the data directory.",
      "Short for: caravan deliveries list"
    },
    subcommands = {DeliveriesCommand.Listing.class, ShowCommand.class})
final class DeliveriesCommand extends ListDeliveries {

  /** The same under its full name. */
  @Command(name = "list", description = "Lists the deliveries received, newest first.")
  static final class Listing extends ListDeliveries {}
}
