package dev.caravan.log.postgres.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a shared log is, and this process's name and lease as a node.
 *
 * @param url such as {@code postgresql://caravan@db1,db2/caravan?sslmode=verify-full}, without a
 *     password
 * @param password of the role in the URL; empty for none
 * @param schema the tables' schema
 * @param node the name that people give this process
 * @param lease how long a silent node keeps what it runs
 */
public record PostgresPlace(
    String url, String password, String schema, String node, Duration lease) {
  private static final Pattern URL =
      Pattern.compile(
          "(?:postgresql|postgres)://(?:([^@/?]*)@)?([^@/?]+)/([^@/?]+)(?:\\?([^?]*))?");

  /** Words of SQL that name no schema. */
  private static final Set<String> RESERVED =
      Set.of(
          """
          all analyse analyze and any array as asc asymmetric authorization binary both case cast check
          collate collation column concurrently constraint create cross current_catalog current_date
          current_role current_schema current_time current_timestamp current_user default deferrable desc
          distinct do else end except false fetch for foreign freeze from full grant group having ilike in
          initially inner intersect into is isnull join lateral leading left like limit localtime
          localtimestamp natural not notnull null offset on only or order outer overlaps placing primary
          references returning right select session_user similar some symmetric system_user table tablesample
          then to trailing true union unique user using variadic verbose when where window with"""
              .split("\\s+"));

  private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  public PostgresPlace {
    Matcher parts = URL.matcher(url);
    if (!parts.matches() || parts.group(1) == null || parts.group(1).isEmpty()) {
      throw new IllegalArgumentException(
          "a URL such as postgresql://caravan@db.example.com/caravan?sslmode=verify-full");
    }
    if (parts.group(1).contains(":") || parameters(parts).contains("password=")) {
      throw new IllegalArgumentException(
          "a URL without a password. Put that into CARAVAN_LOG_PASSWORD, or into a file that caravan.log.password-file names");
    }
    if (!SCHEMA.matcher(schema).matches()) {
      throw new IllegalArgumentException(
          "a schema's name of lower-case letters, digits and _, at most 63");
    }
    if (RESERVED.contains(schema) || schema.startsWith("pg_")) {
      throw new IllegalArgumentException(
          "a schema's name that PostgreSQL does not keep for itself, as it does " + schema);
    }
  }

  /** Whether a setting's text is meant as a URL of this engine. */
  public static boolean isMeantBy(String text) {
    return text.startsWith("postgresql:") || text.startsWith("postgres:");
  }

  /** The role. */
  String user() {
    return decoded(parts().group(1));
  }

  /** The name of the database. */
  String database() {
    return decoded(parts().group(3));
  }

  /** The hosts, with ports other than the usual one. */
  String hosts() {
    return parts().group(2);
  }

  /** The URL for the driver. */
  String driverUrl() {
    Matcher parts = parts();
    String given = parameters(parts);
    boolean oneOfSeveral = hosts().contains(",") && !given.contains("targetServerType=");
    String all =
        oneOfSeveral ? given + (given.isEmpty() ? "" : "&") + "targetServerType=primary" : given;
    return "jdbc:postgresql://" + hosts() + "/" + parts.group(3) + (all.isEmpty() ? "" : "?" + all);
  }

  private Matcher parts() {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalStateException("It was checked when it was made");
    }
    return parts;
  }

  private static String parameters(Matcher parts) {
    return parts.group(4) == null ? "" : parts.group(4);
  }

  private static String decoded(String part) {
    try {
      return new URI("x://h/" + part).getPath().substring(1);
    } catch (URISyntaxException e) {
      return part;
    }
  }

  /** Without the password, which must not appear in a log line. */
  @Override
  public String toString() {
    return url + ", schema " + schema;
  }
}
