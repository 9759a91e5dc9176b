package dev.serai;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The house rules of docs/adr and CONTRIBUTING, held by the build. */
@AnalyzeClasses(packages = "dev.serai", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.serai.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule arrowsPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("api")
            .definedBy("dev.serai.api..")
            .layer("sync")
            .definedBy("dev.serai.sync..")
            .layer("query")
            .definedBy("dev.serai.query..")
            .layer("features")
            .definedBy("dev.serai.connector..", "dev.serai.dataset..", "dev.serai.lake..")
            .layer("ground")
            .definedBy("dev.serai.rows..", "dev.serai.catalog..", "dev.serai.credential..")
            .whereLayer("api")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("sync")
            .mayOnlyBeAccessedByLayers("api")
            .whereLayer("query")
            .mayOnlyBeAccessedByLayers("api")
            .whereLayer("features")
            .mayOnlyBeAccessedByLayers("api", "sync", "query")
            .whereLayer("ground")
            .mayOnlyBeAccessedByLayers("api", "sync", "query", "features");

    @ArchTest
    static final ArchRule queriesKnowOnlyTheLake = noClasses()
            .that()
            .resideInAPackage("dev.serai.query..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.serai.connector..", "dev.serai.dataset..", "dev.serai.sync..");

    @ArchTest
    static final ArchRule camelStaysAtTheEdges = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.serai.rows..",
                    "dev.serai.lake..",
                    "dev.serai.query..",
                    "dev.serai.dataset..",
                    "dev.serai.credential..",
                    "dev.serai.metadata..",
                    "dev.serai.access..",
                    "dev.serai.schedule..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    @ArchTest
    static final ArchRule familiesDoNotKnowEachOther = slices().matching("dev.serai.connector.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAPackage("dev.serai.connector.ssh.."))
            .ignoreDependency(alwaysTrue(), resideInAPackage("dev.serai.connector.http.."))
            .because("of the ways through an SSH server and over HTTP, which are for all of them")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule sqlVendorsDoNotKnowEachOther =
            slices().matching("dev.serai.connector.sql.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule whatSqlSharesKnowsNoVendor = noClasses()
            .that()
            .resideInAPackage("dev.serai.connector.sql")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.serai.connector.sql.*..");

    @ArchTest
    static final ArchRule cryptographyStaysInCredential = noClasses()
            .that()
            .resideOutsideOfPackage("dev.serai.credential..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.crypto..", "com.google.crypto.tink..");

    @ArchTest
    static final ArchRule duckdbStaysInTheDataPlane = noClasses()
            .that()
            .resideOutsideOfPackages("dev.serai.rows..", "dev.serai.lake..", "dev.serai.query..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.duckdb..");

    @ArchTest
    static final ArchRule deltaStaysInTheLake = noClasses()
            .that()
            .resideOutsideOfPackage("dev.serai.lake..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.delta..");

    @ArchTest
    static final ArchRule routesAreYaml = noClasses().should().beAssignableTo(RouteBuilder.class);

    @ArchTest
    static final ArchRule fieldsAreNotInjected =
            fields().should().notBeAnnotatedWith(Autowired.class).andShould().notBeAnnotatedWith(Value.class);

    @ArchTest
    static final ArchRule settingsComeFromSpring = noClasses()
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule nothingPrintsToTheConsole = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule namesSayTheRole =
            classes().should().haveNameNotMatching(".*(Manager|Util|Utils|Helper|Impl)$");
}
