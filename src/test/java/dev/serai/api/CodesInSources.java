package dev.serai.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import org.springframework.util.StringUtils;

/**
 * Which codes of failures do the sources of Serai have, and of which kinds of {@link dev.serai.failure.Failure}? Codes are
 * what is handed to a parameter named {@code code}, is given to a variable of that name, or is returned by a method of that
 * name; the kind is known where a failure is made right there. What the audit notes has codes of its own.
 */
final class CodesInSources {
    private static final YAMLMapper YAML = new YAMLMapper();

    private final Map<String, Set<String>> codes = new TreeMap<>();

    /** By {@code Class.method/arguments}. */
    private final Map<String, Taker> takers = new HashMap<>();

    private final Map<String, ExpressionTree> constants = new HashMap<>();

    private CodesInSources() {}

    /**
     * What is given a code.
     *
     * @param argument which one it is
     * @param kinds of failures that are made with it
     */
    private record Taker(int argument, Set<String> kinds) {}

    /** The kinds by their codes. */
    static Map<String, Set<String>> found() {
        CodesInSources found = new CodesInSources();
        List<CompilationUnitTree> units = parsed();
        units.forEach(unit -> unit.accept(found.new Takers(), null));
        units.forEach(unit -> unit.accept(found.new Given(), null));
        described(found.codes);
        return found.codes;
    }

    /** Those that the descriptions of SQL vendors give their servers' errors. */
    private static void described(Map<String, Set<String>> codes) {
        try (Stream<Path> files = Files.list(Path.of("kamelets"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".sql.yaml")).toList()) {
                for (JsonNode rule : YAML.readTree(file.toFile()).at("/errors/rules")) {
                    String kind = StringUtils.capitalize(rule.path("answer").asText("source"));
                    codes.computeIfAbsent(rule.path("code").asText(), code -> new TreeSet<>())
                            .add(kind);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<CompilationUnitTree> parsed() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            List<Path> java = sources.filter(
                            path -> path.getFileName().toString().matches("(?!Audit).*[.]java"))
                    .toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(java));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            return units;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String key(String type, String method, int arguments) {
        return (type + "." + method + "/" + arguments).toLowerCase(java.util.Locale.ROOT);
    }

    private static boolean isConstant(VariableTree variable) {
        return variable.getModifiers().getFlags().containsAll(Set.of(Modifier.STATIC, Modifier.FINAL));
    }

    private static boolean isCode(VariableTree variable) {
        return variable.getName().toString().equalsIgnoreCase("code");
    }

    private class Takers extends TreeScanner<Void, Void> {
        private String type = "";

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            String outer = type;
            type = tree.getSimpleName().toString();
            if (tree.getKind() == Tree.Kind.RECORD) {
                List<VariableTree> components = tree.getMembers().stream()
                        .filter(VariableTree.class::isInstance)
                        .map(VariableTree.class::cast)
                        .filter(member -> !member.getModifiers().getFlags().contains(Modifier.STATIC))
                        .toList();
                note("new", components, isFailure(tree) ? Set.of(type) : Set.of());
            }
            super.visitClass(tree, nothing);
            type = outer;
            return null;
        }

        @Override
        public Void visitVariable(VariableTree tree, Void nothing) {
            if (isConstant(tree) && tree.getInitializer() != null) {
                constants.put(type + "." + tree.getName(), tree.getInitializer());
            }
            return super.visitVariable(tree, nothing);
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            String name = tree.getName().toString();
            note(name.equals("<init>") ? "new" : name, tree.getParameters(), made(tree));
            return super.visitMethod(tree, nothing);
        }

        /** Warnings and notes of a run have codes too, but are no failures. */
        private void note(String method, List<? extends VariableTree> parameters, Set<String> kinds) {
            for (int i = 0; i < parameters.size() && !type.matches(".*(Warning|Note)"); i++) {
                if (isCode(parameters.get(i))
                        && parameters.get(i).getType().toString().equals("String")) {
                    takers.merge(
                            key(type, method, parameters.size()),
                            new Taker(i, kinds),
                            (one, other) -> one.kinds().isEmpty() ? other : one);
                }
            }
        }

        private static boolean isFailure(ClassTree tree) {
            return tree.getImplementsClause().stream()
                    .anyMatch(type -> type.toString().equals("Failure"));
        }

        /** The failures that a method makes with its own code. */
        private static Set<String> made(MethodTree method) {
            Set<String> kinds = new TreeSet<>();
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitNewClass(NewClassTree tree, Void nothing) {
                    if (tree.getIdentifier() instanceof MemberSelectTree select
                            && select.getExpression().toString().equals("Failure")
                            && tree.getArguments().stream()
                                    .anyMatch(one -> one.toString().equals("code"))) {
                        kinds.add(select.getIdentifier().toString());
                    }
                    return super.visitNewClass(tree, nothing);
                }
            }.scan(method.getBody(), null);
            return kinds;
        }
    }

    private final class Given extends TreeScanner<Void, Void> {
        private String type = "";
        private String method = "";

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            String outer = type;
            type = tree.getSimpleName().toString();
            super.visitClass(tree, nothing);
            type = outer;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            String outer = method;
            method = tree.getName().toString();
            super.visitMethod(tree, nothing);
            method = outer;
            return null;
        }

        @Override
        public Void visitReturn(ReturnTree tree, Void nothing) {
            if (method.equals("code")) {
                take(tree.getExpression(), Set.of(type));
            }
            return super.visitReturn(tree, nothing);
        }

        @Override
        public Void visitVariable(VariableTree tree, Void nothing) {
            if (isCode(tree)) {
                take(tree.getInitializer(), Set.of());
            }
            return super.visitVariable(tree, nothing);
        }

        @Override
        public Void visitNewClass(NewClassTree tree, Void nothing) {
            taken(last(tree.getIdentifier()), "new", tree.getArguments());
            return super.visitNewClass(tree, nothing);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree tree, Void nothing) {
            if (tree.getMethodSelect() instanceof MemberSelectTree select) {
                taken(last(select.getExpression()), select.getIdentifier().toString(), tree.getArguments());
            } else if (tree.getMethodSelect() instanceof IdentifierTree identifier) {
                taken(type, identifier.getName().toString(), tree.getArguments());
            }
            return super.visitMethodInvocation(tree, nothing);
        }

        private void taken(String owner, String name, List<? extends ExpressionTree> arguments) {
            Taker taker = takers.get(key(owner, name, arguments.size()));
            if (taker != null) {
                take(arguments.get(taker.argument()), taker.kinds());
            }
        }

        private static String last(Tree tree) {
            return tree instanceof MemberSelectTree select
                    ? select.getIdentifier().toString()
                    : tree.toString();
        }

        /** All that an expression may be, but not what it is made from. */
        private void take(Tree expression, Set<String> kinds) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitLiteral(LiteralTree literal, Void nothing) {
                    if (literal.getValue() instanceof String text && text.matches("[a-z]+(_[a-z]+)*")) {
                        codes.computeIfAbsent(text, any -> new TreeSet<>()).addAll(kinds);
                    }
                    return null;
                }

                @Override
                public Void visitIdentifier(IdentifierTree tree, Void nothing) {
                    ExpressionTree constant = constants.get(type + "." + tree.getName());
                    return constant == null ? null : scan(constant, nothing);
                }

                @Override
                public Void visitMethodInvocation(MethodInvocationTree tree, Void nothing) {
                    return null;
                }
            }.scan(expression, null);
        }
    }
}
