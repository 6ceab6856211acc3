# Every target that a person needs has a sentence behind ##; `make help` prints them.
LINT := go tool -modfile=tools/go.mod golangci-lint

STACK ?= order-system

.PHONY: help build run test race e2e bench benchmarks crash submit golden lint fmt check peers conformance fuzz story template functions deploy destroy

help: ## print this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-11s %s\n", $$1, $$2}'

build: ## build ./bin/orderops
	go build -trimpath -o bin/orderops .

run: ## open the dashboard on a local AWS
	go run . --local

test: ## run every test
	go test ./...

race: ## run every test under the race detector, in random order
	go test -race -shuffle=on -count=1 -timeout 25m ./...

e2e: ## run the end-to-end tests: the program under a pseudo-terminal
	go test -count=1 -run 'TestTerminal|TestCommand' .

crash: ## kill a redrive of 1,000 messages at 200 random instants, deletions and a restore at 20 each, draw 200 sequences of crashes and faults, and account for every message
	KILLS=200 MESSAGES=1000 go test -count=1 -timeout 60m -parallel 4 -v -run 'TestKilled|TestCrash|TestMessagesIn|TestACutOff|TestNoHandle|TestReceiveSurvives' ./workflow/operation -rapid.checks=200

submit: ## submit a file of 1,000,000 orders with 20 kills, account for every order, and print speed and memory
	ORDERS=1000000 KILLS=20 ROUNDTRIP_MS=5 go test -count=1 -timeout 60m -v -run '^TestSubmitFileKilled$$' .

bench: ## measure what docs/performance.md promises of watching: a line per figure; fails if one is over
	@mkdir -p bin; rm -f bin/figures.txt; ORDEROPS_FIGURES=$(CURDIR)/bin/figures.txt go test -count=1 -timeout 10m -run '^TestFigures$$' . >bin/figures.log 2>&1; \
	  status=$$?; cat bin/figures.txt 2>/dev/null; [ $$status = 0 ] || cat bin/figures.log; exit $$status

benchmarks: ## run every Go benchmark
	go test -run '^$$' -bench . -benchmem ./...

golden: ## rewrite the golden frames, the README's pictures, docs/keys.md, docs/commands.md and docs/parity.md
	UPDATE_GOLDEN=1 go test -count=1 -run 'TestFrames|TestTooSmall|TestPictures|TestKeys|TestRedriveFromTheList|TestRunAgain|TestOlder|TestParity' .
	UPDATE_GOLDEN=1 go test -count=1 ./ui/cli

lint: ## check style, mistakes and who imports whom
	$(LINT) run ./...

fmt: ## format the code
	$(LINT) fmt ./...

fuzz: ## run every fuzz target for ten seconds
	@for p in $$(grep -rl --include='*_test.go' 'func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -ho 'func Fuzz[A-Za-z]*' $$p/*_test.go | cut -c6-); do \
	    go test -run '^$$' -fuzz "^$$f$$" -fuzztime 10s -fuzzminimizetime 1x $$p || exit 1; done; done

peers: ## run the AWS CLI and other independent judges against the local AWS
	bash .ci/peers/check

conformance: ## compare the local AWS with recorded answers of AWS (ORDEROPS_RECORDED names their folder)
	go -C aws/local/conformance test -count=1

story: ## let 10,000 orders through failures, duplicates and an outage, and count to the last one
	STORY_ORDERS=10000 go test -count=1 -v -run TestStory ./aws/deploy

template: ## check the template and the state machine's definition with cfn-lint, SAM and asl-validator
	.ci/peers/template

functions: ## build the Lambda functions: bin/functions/bootstrap, at most 12 MB zipped
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -trimpath -tags lambda.norpc -ldflags '-s -w' -o bin/functions/bootstrap ./aws/deploy/functions
	@zipped=$$(gzip -9 -c bin/functions/bootstrap | wc -c); echo "bin/functions/bootstrap: $$zipped bytes zipped"; test $$zipped -lt 12000000

deploy: functions ## deploy the order system to AWS: make deploy PARAMETERS="NotificationEmail=me@example.com" (docs/deploy.md)
	sam deploy --template-file aws/deploy/template.yaml --stack-name $(STACK) --resolve-s3 --capabilities CAPABILITY_IAM \
	  --no-fail-on-empty-changeset $(if $(PARAMETERS),--parameter-overrides $(PARAMETERS))

destroy: ## delete the order system from AWS; the table with the orders stays (docs/deploy.md)
	sam delete --stack-name $(STACK)

check: lint race template peers ## everything that has to hold before a change is done
