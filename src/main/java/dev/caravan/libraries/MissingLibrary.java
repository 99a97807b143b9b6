package dev.caravan.libraries;

import dev.caravan.libraries.CamelNames.Kind;
import dev.caravan.wording.NearNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says how to add a missing library. */
public final class MissingLibrary {
  /**
   * Packages that are often missing: drivers and clients that connectors do not bring themselves.
   */
  private static final Map<String, String> BY_PACKAGE =
      Map.ofEntries(
          Map.entry("org.postgresql", "org.postgresql:postgresql"),
          Map.entry("com.mysql", "com.mysql:mysql-connector-j"),
          Map.entry("org.mariadb", "org.mariadb.jdbc:mariadb-java-client"),
          Map.entry("oracle.jdbc", "com.oracle.database.jdbc:ojdbc11"),
          Map.entry("com.microsoft.sqlserver", "com.microsoft.sqlserver:mssql-jdbc"),
          Map.entry("org.h2", "com.h2database:h2"),
          Map.entry("com.zaxxer.hikari", "com.zaxxer:HikariCP"),
          Map.entry("org.apache.commons.dbcp2", "org.apache.commons:commons-dbcp2"),
          Map.entry("org.springframework.jdbc", "camel-spring-jdbc"),
          Map.entry("org.messaginghub.pooled", "org.messaginghub:pooled-jms"),
          Map.entry("org.apache.qpid.jms", "org.apache.qpid:qpid-jms-client"),
          Map.entry(
              "org.apache.activemq.artemis.jms", "org.apache.activemq:artemis-jakarta-client"));

  private MissingLibrary() {}

  /** What to do about a component, language or data format that is not there. A sentence. */
  public static String named(Kind kind, String name) {
    CamelNames names = CamelNames.read();
    Optional<String> artifact = names.artifact(kind, name);
    if (artifact.isPresent()) {
      return add(artifact.get());
    }
    List<String> near = NearNames.of(name, names.names(kind));
    return near.isEmpty()
        ? "Camel has none of that name"
        : "Camel has none of that name. Did you mean " + String.join(" or ", near) + "?";
  }

  /** What to do about a class that is not there. A sentence. */
  public static String ofClass(String className) {
    return BY_PACKAGE.entrySet().stream()
        .filter(known -> className.startsWith(known.getKey() + "."))
        .map(known -> add(known.getValue()))
        .findFirst()
        .or(() -> CamelNames.read().artifactOfClass(className).map(MissingLibrary::add))
        .orElse(
            "Add the library that has it: caravan add GROUP:ARTIFACT, or put its jar into lib/ and start again");
  }

  /** How a jar of Camel's, or another library, is added. A sentence. */
  public static String add(String library) {
    return "Add it and start again: caravan add " + library;
  }
}
