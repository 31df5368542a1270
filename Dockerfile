# One image for every role; `VERDICT_ROLE` or `--role` says which. Node runs the TypeScript as it is, so nothing is built.
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /verdict
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /verdict
COPY --from=packages /verdict/node_modules ./node_modules
COPY package.json LICENSE asyncapi.yaml ./
COPY config ./config
COPY src ./src
# Compiled once here, a start is a third cheaper.
RUN node src/main.ts --help > /dev/null
RUN mkdir /verdict/data && chown node:node /verdict/data
USER node
EXPOSE 3000
# Every role serves its health; migrate ends before the first look.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=64", "src/main.ts"]
