package dev.caravan.log.postgres.database;

import dev.caravan.logging.ErrorSentence;
import java.sql.SQLException;

/** Why a database cannot be used, in one sentence that says what to do. */
public final class Refusal {
  private Refusal() {}

  /** The sentence for the user. */
  public static String sentence(SQLException failure, PostgresPlace place) {
    String state = String.valueOf(failure.getSQLState());
    String where = "The database %s at %s".formatted(place.database(), place.hosts());
    return switch (state) {
      case "28P01", "28000" ->
          "%s does not let the role %s in: %s. Look at caravan.log, and at CARAVAN_LOG_PASSWORD or caravan.log.password-file."
              .formatted(where, place.user(), said(failure));
      case "3D000" ->
          "%s does not exist. Make it with: CREATE DATABASE %s OWNER %s."
              .formatted(where, place.database(), place.user());
      case "42501" ->
          "%s: the role %s lacks a right in the schema %s (%s). An administrator gives it with: CREATE SCHEMA IF NOT EXISTS %s AUTHORIZATION %s; or runs what caravan log schema prints."
              .formatted(
                  where, place.user(), place.schema(), said(failure), place.schema(), place.user());
      case "53300" ->
          "%s has no connection left for this node: %s. Raise max_connections; a node takes up to a dozen."
              .formatted(where, said(failure));
      // The driver's state for a missing password, and for TLS that only one side wants.
      case "08004" ->
          "%s refuses the connection: %s. Look at caravan.log, and at CARAVAN_LOG_PASSWORD or caravan.log.password-file."
              .formatted(where, said(failure));
      case "08001", "08006" ->
          "%s cannot be reached: %s. Look at the host, the port and the network, and whether it is running."
              .formatted(where, said(failure));
      default -> "%s cannot be used: %s.".formatted(where, said(failure));
    };
  }

  private static String said(SQLException failure) {
    return ErrorSentence.of(failure).replaceFirst("^PSQLException: ", "").replaceFirst("\\.$", "");
  }
}
