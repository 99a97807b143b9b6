package dev.caravan;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.caravan.files.Directory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packages depend downwards only, so that each can be read without those above it. */
@AnalyzeClasses(packages = "dev.caravan", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  /** Each room, from top to bottom, and the rooms below it that it knows. */
  private static final Map<String, Set<String>> ROOMS =
      rooms(
          """
          main:       cli
          cli:        server management github.recovery github.checkup github.hooks github.api rehearsal rehearsal.stage routes routes.schema routes.context routes.problem ingress takeover network.tls secrets log log.subscription systemd logging delivery libraries config files wording
          server:     server.camel console management metrics github github.recovery github.hooks github.api rehearsal rehearsal.stage routes routes.context routes.problem notices receiver ingress ingress.port ingress.request takeover hooks network network.tls secrets log.sqlite.offline log.copy log.sqlite log.sqlite.directory log log.history log.subscription logging libraries config storage
          server.camel: github.api rehearsal rehearsal.stage routes.across routes.context notices ingress ingress.port webhook webhook.outcome webhook.payload tracing log logging libraries config
          console:    management metrics github rehearsal routes routes.context routes.problem ingress hooks secrets webhook.cloudevents log log.history log.subscription log.figures logging delivery config
          management: metrics routes routes.context routes.problem ingress ingress.signature network network.tls secrets log log.history log.subscription logging delivery config wording
          metrics:    github.recovery github.api routes routes.problem ingress ingress.request hooks secrets log log.figures config files
          github:     github.recovery github.checkup github.hooks github.api log.subscription config
          github.recovery: github.hooks github.api log log.subscription config files wording
          github.checkup: github.hooks github.api log.subscription delivery config wording
          github.hooks: github.api log.subscription config
          github.api: network logging config
          rehearsal:  rehearsal.stage routes routes.context routes.problem webhook log log.history log.subscription logging delivery
          rehearsal.stage: routes.across notices webhook webhook.outcome log log.subscription logging delivery
          routes:     routes.shared routes.context routes.problem routes.source webhook
          routes.across:
          routes.schema: delivery
          routes.shared: routes.context routes.problem routes.source
          routes.context: routes.problem routes.source webhook config
          routes.source: routes.problem config files
          routes.problem: libraries config
          notices:    hooks log log.history log.figures logging wording
          receiver:   ingress ingress.port hooks network secrets webhook log.spool log.copy log.sqlite log.shipping log.postgres log.postgres.database log log.history config storage files
          ingress:    ingress.port ingress.route ingress.signature ingress.request hooks network secrets log delivery
          ingress.port: ingress.memory ingress.signature ingress.request network network.tls logging delivery config
          ingress.memory: ingress.request
          ingress.route: ingress.signature ingress.request hooks secrets tracing log logging delivery config
          ingress.signature: ingress.request secrets logging delivery
          ingress.request: logging delivery wording
          takeover:   network config
          hooks:      files
          network:    config files
          network.tls: watch config
          secrets:    watch config files
          webhook:    webhook.cloudevents webhook.outcome webhook.filter webhook.payload tracing log log.subscription logging delivery
          webhook.cloudevents: webhook.payload log.subscription delivery
          webhook.outcome: webhook.payload log.subscription logging
          webhook.filter: webhook.payload log.subscription delivery
          webhook.payload: delivery
          tracing:    log.subscription delivery
          log.spool:  log.sqlite log log.history log.subscription log.figures delivery files wording
          log.sqlite.offline: log.sqlite log.sqlite.directory log.sqlite.file log.shipping log.pages log.reading log.tables log.content storage logging files wording
          log.copy:   log.sqlite log.postgres log.postgres.database log.reading log.tables log.content
          log.sqlite: log.sqlite.retention log.sqlite.subscriptions log.sqlite.commit log.sqlite.directory log.sqlite.file log.sqlite.tables log.shipping log.pages log.replay log.search log.state log.reading log.tables log.content log.dispatch.running log.dispatch log log.subscription log.figures storage delivery
          log.sqlite.retention: log.sqlite.commit log.sqlite.file log.sqlite.tables log.state log.tables log.dispatch.attempts log.dispatch log
          log.sqlite.subscriptions: log.sqlite.commit log.sqlite.tables log.state log.reading log.tables log.dispatch.running log.dispatch log.subscription logging files wording
          log.sqlite.commit: log.sqlite.file log.sqlite.tables log.search log.state log.tables log.content log.dispatch log log.subscription log.figures logging delivery
          log.sqlite.directory: log.sqlite.file files
          log.sqlite.file: log.sqlite.tables log.pages log.search log.reading log.tables log.content log logging files
          log.sqlite.tables: log.reading log.tables log.content log.dispatch delivery wording
          log.shipping: log.pages storage logging files
          log.pages:  files
          log.postgres: log.postgres.nodes log.postgres.running log.postgres.append log.postgres.retention log.postgres.replay log.postgres.history log.postgres.shards log.postgres.database log.replay log.search log.state log.reading log.tables log.content log.dispatch.running log.dispatch log log.subscription delivery
          log.postgres.nodes: log.postgres.running log.postgres.shards log.postgres.database log.state log.tables log.dispatch.running log.dispatch log log.subscription wording
          log.postgres.running: log.postgres.append log.postgres.shards log.postgres.database log.reading log.tables log.dispatch.running log.dispatch.attempts log.dispatch log.subscription delivery wording
          log.postgres.append: log.postgres.shards log.postgres.database log.state log.tables log.content log.dispatch log log.subscription log.figures logging delivery
          log.postgres.retention: log.postgres.shards log.postgres.database log.state log.tables log.dispatch.attempts log.dispatch log log.subscription wording
          log.postgres.replay: log.postgres.history log.postgres.shards log.postgres.database log.replay log.search log.state log.reading log log.history log.subscription logging delivery
          log.postgres.history: log.postgres.shards log.postgres.database log.search log.state log.reading log.tables log log.subscription log.figures
          log.postgres.shards: log.postgres.database log.reading log.tables log.content log.dispatch delivery
          log.postgres.database: log.reading log.tables log.content log.dispatch log logging
          log.replay: log.search log.state log.reading log.tables log log.history log.subscription logging wording
          log.search: log.state log.reading log.tables log.content log.dispatch log log.history log.subscription logging delivery
          log.state:  log.reading log.dispatch.attempts log log.history log.subscription log.figures
          log.reading: log.tables log.content log.dispatch log log.subscription logging delivery
          log.tables: log.content log.dispatch log log.subscription logging delivery wording
          log.content:
          log.dispatch.running: log.dispatch.attempts log.dispatch.workingset log.dispatch log.subscription
          log.dispatch.attempts: log.dispatch.workingset log.dispatch log.subscription log.figures logging delivery wording
          log.dispatch.workingset: log.dispatch log.subscription
          log.dispatch: log.subscription delivery
          log:        log.history log.subscription log.figures delivery
          log.history: log.subscription delivery
          log.subscription: delivery
          log.figures:
          systemd:    logging config
          logging:    config
          delivery:   delivery.json
          delivery.json:
          libraries:  wording files
          watch:      config
          config:     wording
          storage:    files
          files:
          wording:
          """);

  private static final String[] ROOMS_OF_ENGINES = {
    "dev.caravan.log.sqlite..",
    "dev.caravan.log.postgres..",
    "dev.caravan.log.copy",
    "dev.caravan.log.replay",
    "dev.caravan.log.search",
    "dev.caravan.log.state",
    "dev.caravan.log.reading",
    "dev.caravan.log.tables",
    "dev.caravan.log.content",
    "dev.caravan.log.dispatch.."
  };

  private static final Path SOURCES = Path.of("src/main/java/dev/caravan");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?dev\\.caravan\\.([a-z.]+)\\.[A-Z]");

  /** Of a table on a page: the room it is about. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z.]+)` \\|");

  @ArchTest
  static void eachPackageKnowsOnlyThoseBelowIt(JavaClasses classes) {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass each : classes) {
      String room = room(each);
      assertThat(ROOMS).as(each.getName() + " has its place in a room").containsKey(room);
      each.getDirectDependenciesFromSelf().stream()
          .filter(use -> use.getTargetClass().getPackageName().startsWith("dev.caravan"))
          .filter(use -> !room(use.getTargetClass()).equals(room))
          .filter(use -> !ROOMS.get(room).contains(room(use.getTargetClass())))
          .forEach(use -> wrong.add(use.getDescription()));
    }
    ROOMS.forEach(
        (room, known) ->
            imports(room).stream()
                .filter(other -> !other.equals(room) && !known.contains(other))
                .forEach(other -> wrong.add(room + " imports from " + other)));
    assertThat(wrong).as("Uses of a room that ROOMS does not allow").isEmpty();
  }

  /** Else the table would say less than the code, and somebody would go through. */
  @ArchTest
  static void noDoorIsOpenThatNobodyUses(JavaClasses classes) {
    Map<String, Set<String>> used = new TreeMap<>();
    ROOMS.keySet().forEach(room -> used.put(room, imports(room)));
    for (JavaClass each : classes) {
      each.getDirectDependenciesFromSelf().stream()
          .map(Dependency::getTargetClass)
          .forEach(other -> used.get(room(each)).add(room(other)));
    }
    Set<String> unused = new TreeSet<>();
    ROOMS.forEach(
        (room, known) ->
            known.stream()
                .filter(other -> !used.get(room).contains(other))
                .forEach(other -> unused.add(room + " → " + other)));
    assertThat(unused).as("Doors that no class uses").isEmpty();
  }

  /** So nobody has to read all of a package in order to understand one class of it. */
  @ArchTest
  static void noClassesOfARoomDependOnEachOtherInACircle(JavaClasses classes) {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass each : classes) {
      uses.computeIfAbsent(outermost(each), any -> new TreeSet<>());
      each.getDirectDependenciesFromSelf().stream()
          .map(Dependency::getTargetClass)
          .filter(other -> other.getPackageName().equals(each.getPackageName()))
          .forEach(other -> uses.get(outermost(each)).add(outermost(other)));
    }
    Set<Set<String>> circles = new LinkedHashSet<>();
    for (String each : uses.keySet()) {
      Set<String> circle =
          reachable(each, uses).stream()
              .filter(other -> !other.equals(each) && reachable(other, uses).contains(each))
              .collect(toCollection(TreeSet::new));
      if (!circle.isEmpty()) {
        circle.add(each);
        circles.add(circle);
      }
    }
    assertThat(circles).as("Classes that depend on each other in a circle").isEmpty();
  }

  @Test
  void thePageAboutTheRoomsHasEachAboveThoseThatItKnows() throws IOException {
    List<String> above = new ArrayList<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("docs/architecture.md")));
    while (row.find()) {
      String room = row.group(1);
      above.add(room);
      assertThat(ROOMS).containsKey(room);
      assertThat(ROOMS.get(room))
          .as(room + " knows rooms below it only")
          .doesNotContainAnyElementsOf(above);
    }
    assertThat(above).hasSizeGreaterThan(1);
  }

  /** Longer ones, each with the reason why it is. */
  private static final Map<String, String> LONG_CLASSES =
      Map.of(
          "GitHubWebhookConfiguration",
          "the options of an endpoint, which the generator of Camel's metadata wants in one class");

  private static final int LONGEST_CLASS = 250;

  /** Whoever opens a class is to see one job, and can read it at one go; imports are not read. */
  @Test
  void noClassIsLongerThanCanBeReadAtOneGo() throws IOException {
    Map<String, Long> tooLong = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        try (Stream<String> lines = Files.lines(file)) {
          String name = file.getFileName().toString().replace(".java", "");
          long count = lines.filter(line -> !line.startsWith("import ")).count();
          if (count > LONGEST_CLASS != LONG_CLASSES.containsKey(name)) {
            tooLong.put(name, count);
          }
        }
      }
    }
    assertThat(tooLong)
        .as("Classes over %d lines, and exceptions that no longer are", LONGEST_CLASS)
        .isEmpty();
  }

  /** Larger ones, each with the reason why it is. */
  private static final Map<String, String> LARGE_ROOMS =
      Map.ofEntries(
          Map.entry("cli", "a class or two for each command, which is read alone"),
          Map.entry("console", "a class or two for each page, which is read alone"),
          Map.entry("management", "a class for each group of questions, which is read alone"),
          Map.entry("github.api", "a class for each thing that GitHub has"));

  private static final int LARGEST_ROOM = 20;

  /** Whoever looks for something is to find it by the names of rooms. */
  @ArchTest
  static void noRoomHasMoreClassesThanCanBeKeptInMind(JavaClasses classes) {
    Map<String, Set<String>> rooms = new TreeMap<>();
    for (JavaClass each : classes) {
      if (!each.getSimpleName().equals("package-info")) {
        rooms.computeIfAbsent(room(each), any -> new TreeSet<>()).add(outermost(each));
      }
    }
    Map<String, Integer> wrong = new TreeMap<>();
    rooms.forEach(
        (room, all) -> {
          if (all.size() > LARGEST_ROOM != LARGE_ROOMS.containsKey(room)) {
            wrong.put(room, all.size());
          }
        });
    assertThat(wrong)
        .as("Rooms over %d classes, and exceptions that no longer are", LARGEST_ROOM)
        .isEmpty();
  }

  /** The log may one day be a topic: only the rooms of engines with tables think in SQL. */
  @ArchTest
  static final ArchRule onlyEnginesWithTablesUseSql =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.caravan.log.sqlite..",
              "dev.caravan.log.postgres..",
              "dev.caravan.log.copy",
              "dev.caravan.log.replay",
              "dev.caravan.log.search",
              "dev.caravan.log.state",
              "dev.caravan.log.reading",
              "dev.caravan.log.tables",
              "dev.caravan.log.content")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..");

  /** Java's own listings throw something unchecked when a directory goes away halfway. */
  @ArchTest
  static final ArchRule directoriesAreListedInOnePlace =
      noClasses()
          .that()
          .doNotBelongToAnyOf(Directory.class)
          .should()
          .callMethod(Files.class, "list", Path.class)
          .orShould()
          .callMethod(Files.class, "newDirectoryStream", Path.class);

  /** So that the rooms under it serve another engine too. */
  @ArchTest
  static final ArchRule onlyTheSqliteEngineKnowsSqlite =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.caravan.log.sqlite..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.sqlite..");

  /** Each engine with its driver: what both need is in the rooms below. */
  @ArchTest
  static final ArchRule onlyThePostgresEngineKnowsPostgres =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.caravan.log.postgres..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.postgresql..");

  /** The other rooms keep plain counters: none of them, and no hot path, waits for a library. */
  @ArchTest
  static final ArchRule onlyMetricsKnowsAMetricsLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.caravan.metrics")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "io.prometheus..");

  /** Whoever reads the log's rules need not know Camel, HTTP or how settings are written. */
  @ArchTest
  static final ArchRule theLogKnowsNoCamelAndNoVertx =
      noClasses()
          .that()
          .resideInAnyPackage("dev.caravan.log..", "dev.caravan.delivery..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.camel..", "io.vertx..");

  /** A running subscription is the same whatever keeps its log, and a test owns its time. */
  @ArchTest
  static final ArchRule dispatchingKnowsNoFilesAndNoClockButItsOwn =
      noClasses()
          .that()
          .resideInAPackage("dev.caravan.log.dispatch..")
          .and()
          .doNotHaveSimpleName("SystemTiming")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.io", "java.nio..", "dev.caravan.files")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(Clock.class)
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(RandomGenerator.class, "getDefault");

  /** Nothing outside an engine may assume how one works, or that its dispatchers are here. */
  @ArchTest
  static final ArchRule onlyEnginesUseTheRoomsOfEngines =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOMS_OF_ENGINES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.caravan.log.dispatch..",
              "dev.caravan.log.replay",
              "dev.caravan.log.search",
              "dev.caravan.log.state",
              "dev.caravan.log.reading",
              "dev.caravan.log.tables",
              "dev.caravan.log.content");

  /** What is in the component's jar, which other Camel programs use; of logging, these three. */
  private static final String[] COMPONENT = {
    "dev.caravan.receiver", "dev.caravan.webhook..", "dev.caravan.ingress..", "dev.caravan.hooks",
    "dev.caravan.network..", "dev.caravan.secrets", "dev.caravan.log..", "dev.caravan.delivery..",
    "dev.caravan.watch", "dev.caravan.config", "dev.caravan.files", "dev.caravan.storage",
    "dev.caravan.tracing", "dev.caravan.wording"
  };

  private static final String COMPONENT_LOGGING =
      "dev.caravan.logging.(LinesAbout|ErrorSentence|OccasionalWarning).*";

  /** Those programs are to get with it no more than it needs. */
  @ArchTest
  static final ArchRule theComponentNeedsNoneOfTheLibrariesOfTheProgram =
      noClasses()
          .that()
          .resideInAnyPackage(COMPONENT)
          .or()
          .haveNameMatching(COMPONENT_LOGGING)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "picocli..",
              "org.apache.logging..",
              "io.micrometer..",
              "io.prometheus..",
              "gg.jte..",
              "org.apache.camel.main..");

  /** All else of the program stays out of its jar, as does what of logging has Log4j. */
  @ArchTest
  static final ArchRule theComponentIsWhole =
      noClasses()
          .that()
          .resideInAnyPackage(COMPONENT)
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.caravan..")
                  .and(not(resideInAnyPackage(COMPONENT)))
                  .and(not(nameMatching(COMPONENT_LOGGING))));

  private static Map<String, Set<String>> rooms(String table) {
    Map<String, Set<String>> rooms = new LinkedHashMap<>();
    List<String> above = new ArrayList<>();
    for (String line : table.lines().toList()) {
      String room = line.substring(0, line.indexOf(':'));
      Set<String> known =
          Stream.of(line.substring(line.indexOf(':') + 1).split(" "))
              .filter(name -> !name.isEmpty())
              .collect(toCollection(TreeSet::new));
      above.add(room);
      assertThat(known).as(room + " knows rooms below it only").doesNotContainAnyElementsOf(above);
      rooms.put(room, known);
    }
    return rooms;
  }

  private static String room(JavaClass one) {
    String name = one.getPackageName();
    return name.equals("dev.caravan") ? "main" : name.replaceFirst("^dev\\.caravan\\.", "");
  }

  private static Set<String> reachable(String from, Map<String, Set<String>> uses) {
    Set<String> found = new TreeSet<>();
    Deque<String> next = new ArrayDeque<>(uses.getOrDefault(from, Set.of()));
    while (!next.isEmpty()) {
      String each = next.remove();
      if (found.add(each)) {
        next.addAll(uses.getOrDefault(each, Set.of()));
      }
    }
    return found;
  }

  /** A class and what is nested in it are one to a reader. */
  private static String outermost(JavaClass one) {
    return one.getName().replaceFirst("\\$.*", "");
  }

  /** What the source of a class names: a constant of another room leaves no trace in the class. */
  private static Set<String> imports(String room) {
    Path folder = SOURCES.resolve(room.equals("main") ? "" : room.replace('.', '/'));
    Set<String> rooms = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        Matcher found = IMPORT.matcher(Files.readString(file));
        while (found.find()) {
          rooms.add(found.group(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rooms;
  }
}
