package dev.caravan;

import dev.caravan.cli.CaravanCommand;

/** The program: runs the command that the arguments name. */
public final class Caravan {
  private Caravan() {}

  public static void main(String[] args) {
    System.exit(CaravanCommand.execute(args));
  }
}
