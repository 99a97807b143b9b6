package dev.caravan.libraries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.libraries.CamelNames.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.ArtifactModel;
import org.junit.jupiter.api.Test;

/** The program knows what Camel has under which name. */
class CamelNamesTest {
  private static final Path LIST =
      Path.of("src/main/resources/dev/caravan/libraries/camel-names.txt");

  /** After an update of Camel: {@code ./mvnw test -Dtest=CamelNamesTest -Dupdate}. */
  @Test
  void theListIsThatOfCamelsCatalogue() throws IOException {
    String expected = "# kind, name, artifact, package; written by CamelNamesTest -Dupdate\n";
    expected += String.join("\n", lines()) + "\n";
    if (System.getProperty("update") != null) {
      Files.createDirectories(LIST.getParent());
      Files.writeString(LIST, expected);
    }
    assertThat(Files.readString(LIST, UTF_8)).isEqualTo(expected);
  }

  private static List<String> lines() {
    CamelCatalog catalog = new DefaultCamelCatalog();
    List<String> lines = new ArrayList<>();
    catalog.findComponentNames().forEach(name -> add(lines, catalog.componentModel(name), name));
    catalog.findLanguageNames().forEach(name -> add(lines, catalog.languageModel(name), name));
    catalog.findDataFormatNames().forEach(name -> add(lines, catalog.dataFormatModel(name), name));
    catalog.findOtherNames().forEach(name -> add(lines, catalog.otherModel(name), name));
    Collections.sort(lines);
    return lines;
  }

  private static void add(List<String> lines, ArtifactModel<?> model, String name) {
    if (!model.getGroupId().equals(CamelNames.GROUP)) {
      return; // of Quarkus or Spring Boot
    }
    String javaType = model.getJavaType() == null ? "" : model.getJavaType();
    String javaPackage =
        javaType.matches("(\\w+\\.){4,}\\w+") // nobody's own otherwise
            ? javaType.substring(0, javaType.lastIndexOf('.'))
            : "";
    lines.add(
        String.join(
            " ",
            Kind.valueOf(model.getKind().name().toUpperCase(Locale.ROOT)).name(),
            name,
            model.getArtifactId(),
            javaPackage));
  }

  @Test
  void aConnectorIsFoundByAnyOfItsNames() {
    assertThat(List.of("camel-sql", "sql", "sql-stored"))
        .allSatisfy(word -> assertThat(meantBy(word)).isEqualTo("org.apache.camel:camel-sql"));
    assertThat(meantBy("sftp")).isEqualTo("org.apache.camel:camel-ftp");
    assertThat(List.of("camel-kamelets", "kamelets"))
        .allSatisfy(
            word ->
                assertThat(meantBy(word)).isEqualTo("org.apache.camel.kamelets:camel-kamelets"));
    assertThat(meantBy("sqll")).isEmpty();
  }

  private static String meantBy(String word) {
    return CamelNames.read().meantBy(word).map(Coordinates::toString).orElse("");
  }

  @Test
  void theJarOfALanguageADataFormatAndAClassIsKnown() {
    assertThat(CamelNames.read().artifact(Kind.LANGUAGE, "xpath")).contains("camel-xpath");
    assertThat(CamelNames.read().artifact(Kind.DATAFORMAT, "jacksonXml"))
        .contains("camel-jacksonxml");
    assertThat(CamelNames.read().artifactOfClass("org.apache.camel.component.sql.SqlComponent"))
        .contains("camel-sql");
    assertThat(CamelNames.read().artifactOfClass("com.acme.Client")).isEmpty();
  }

  @Test
  void whatTheJarBringsIsKnown() {
    Bundled bundled = Bundled.read();

    assertThat(bundled.camelVersion()).startsWith("4.");
    assertThat(bundled.find("org.apache.camel", "camel-kafka")).isPresent();
    assertThat(bundled.find("org.apache.camel", "camel-sql")).isEmpty();
    assertThat(bundled.find("org.junit.jupiter", "junit-jupiter")).isEmpty();
  }
}
