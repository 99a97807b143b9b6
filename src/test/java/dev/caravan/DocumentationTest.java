package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What the compiler's own check cannot say without asking for a tag on every parameter too. */
class DocumentationTest {
  private static final Path SOURCES = Path.of("src/main/java");

  @Test
  void everyPublicTypeSaysWhatItIs() throws IOException {
    assertThat(undocumentedTypes()).as("public types without Javadoc").isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      assertThat(
              files
                  .filter(file -> file.toString().endsWith(".java"))
                  .map(Path::getParent)
                  .distinct())
          .allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).exists());
    }
  }

  @Test
  void everyRoomIsOnThePageAboutTheArchitecture() throws IOException {
    String page = Files.readString(Path.of("docs/architecture.md"));
    Path root = SOURCES.resolve("dev/caravan");
    try (Stream<Path> files = Files.walk(root)) {
      assertThat(
              files
                  .filter(file -> file.endsWith("package-info.java"))
                  .map(file -> root.relativize(file.getParent()).toString().replace('/', '.'))
                  .filter(room -> !room.isEmpty()))
          .allSatisfy(room -> assertThat(page).contains("\n| `" + room + "` |"));
    }
  }

  @Test
  void everyDecisionSaysHowItStands() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("docs/decisions"))) {
      assertThat(files.filter(file -> file.getFileName().toString().matches("\\d{4}-.*\\.md")))
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(Files.readAllLines(file).get(2))
                      .as(file.toString())
                      .matches("Status: (proposed|in force|replaced by|set aside).*"));
    }
  }

  private static List<String> undocumentedTypes() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> undocumented = new ArrayList<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
        Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(sources));
      DocTrees comments = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        TreePath file = new TreePath(unit);
        for (var declaration : unit.getTypeDecls()) {
          if (declaration instanceof ClassTree type
              && type.getModifiers().getFlags().contains(Modifier.PUBLIC)
              && comments.getDocComment(new TreePath(file, type)) == null) {
            undocumented.add(unit.getSourceFile().getName());
          }
        }
      }
    }
    return undocumented;
  }
}
