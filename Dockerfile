# syntax=docker/dockerfile:1
# Two stages: the JDK builds and trains an AOT cache, the JRE runs it as a user without rights.
# This file has not been built yet: the project's build machines have no container engine.

FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY .mvn .mvn
COPY mvnw pom.xml ./
RUN ./mvnw --batch-mode --no-transfer-progress dependency:go-offline
COPY kamelets kamelets
COPY routes routes
COPY src src
RUN ./mvnw --batch-mode --no-transfer-progress package -Dmaven.test.skip=true \
    && java -Djarmode=tools -jar target/serai-*.jar extract --destination /app \
    && mv /app/serai-*.jar /app/serai.jar
# A first start up to a ready context records which classes are loaded; later starts map them.
WORKDIR /app
RUN SERAI_DATA_DIR=/tmp/training java -XX:AOTCacheOutput=/app/serai.aot -Dspring.context.exit=onRefresh \
      -jar serai.jar \
    && rm -rf /tmp/training

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 10001 serai \
    && useradd --system --uid 10001 --gid serai --home-dir /var/lib/serai --create-home serai
COPY --from=build --chown=root:root /app /app
ENV SERAI_DATA_DIR=/var/lib/serai/data \
    SERAI_KAMELETS_DIR=/etc/serai/kamelets \
    SERAI_ROUTES_DIR=/etc/serai/routes \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=50 -XX:AOTCache=/app/serai.aot"
USER 10001:10001
WORKDIR /app
VOLUME /var/lib/serai
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=40s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /actuator/health/liveness HTTP/1.0\\r\\n\\r\\n' >&3 && head -n1 <&3 | grep -q ' 200'"]
ENTRYPOINT ["java", "-jar", "serai.jar"]
