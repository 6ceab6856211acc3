package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/config"
)

// The calls that stand behind several commands.
const (
	connecting   = "sts:GetCallerIdentity cloudformation:DescribeStacks"
	describing   = "states:DescribeExecution states:GetExecutionHistory states:DescribeStateMachine"
	readingOne   = describing + " dynamodb:BatchGetItem"
	readingLists = "states:ListExecutions " + readingOne
	watching     = readingLists + " logs:FilterLogEvents sqs:GetQueueAttributes"
	inspecting   = "sqs:GetQueueAttributes sqs:ReceiveMessage sqs:ChangeMessageVisibilityBatch dynamodb:BatchGetItem states:DescribeExecution"
	running      = inspecting + " sqs:ListMessageMoveTasks"
	looking      = running + " sqs:GetQueueUrl lambda:ListEventSourceMappings lambda:GetFunctionConfiguration"
	redriving    = looking + " sqs:SendMessageBatch sqs:DeleteMessageBatch"
	consumer     = "sqs:GetQueueAttributes lambda:ListEventSourceMappings lambda:GetFunctionConfiguration"
)

// commandCalls are the calls that a command may make once it is connected; with a
// flag, those that it makes with that flag.
func commandCalls() map[string]string {
	return map[string]string{
		"orderops submit":                   "sqs:SendMessage",
		"orderops submit --file":            "sqs:SendMessageBatch",
		"orderops status":                   watching + " sqs:ListMessageMoveTasks lambda:ListEventSourceMappings lambda:GetFunctionConfiguration cloudwatch:GetMetricData sns:GetTopicAttributes",
		"orderops status --no-metrics":      watching + " sqs:ListMessageMoveTasks lambda:ListEventSourceMappings lambda:GetFunctionConfiguration sns:GetTopicAttributes",
		"orderops trace":                    readingOne + " dynamodb:Query",
		"orderops orders list":              readingLists,
		"orderops orders show":              readingOne,
		"orderops orders watch":             watching,
		"orderops orders export":            "dynamodb:Scan",
		"orderops executions list":          readingLists,
		"orderops executions show":          readingOne,
		"orderops executions history":       readingOne,
		"orderops executions logs":          readingOne + " lambda:GetFunctionConfiguration logs:FilterLogEvents",
		"orderops executions graph":         readingOne,
		"orderops executions watch":         watching,
		"orderops executions stop":          readingOne + " states:StopExecution",
		"orderops executions redrive":       readingLists + " states:RedriveExecution",
		"orderops executions rerun":         "states:DescribeExecution states:StartExecution",
		"orderops consumer status":          consumer,
		"orderops consumer pause":           consumer + " lambda:UpdateEventSourceMapping",
		"orderops consumer resume":          consumer + " lambda:UpdateEventSourceMapping",
		"orderops dlq inspect":              inspecting,
		"orderops dlq show":                 inspecting,
		"orderops dlq export":               inspecting,
		"orderops dlq plan":                 looking,
		"orderops dlq redrive":              redriving,
		"orderops dlq redrive --all":        consumer + " sqs:ListDeadLetterSourceQueues sqs:ListMessageMoveTasks sqs:StartMessageMoveTask",
		"orderops dlq cancel":               "sqs:GetQueueAttributes sqs:ListMessageMoveTasks sqs:CancelMessageMoveTask",
		"orderops dlq edit":                 redriving,
		"orderops dlq edit --dry-run":       looking,
		"orderops dlq move":                 running + " sqs:GetQueueUrl sqs:SendMessageBatch sqs:DeleteMessageBatch",
		"orderops dlq move --keep":          running + " sqs:GetQueueUrl sqs:SendMessageBatch",
		"orderops dlq delete":               running + " sqs:DeleteMessageBatch",
		"orderops dlq purge":                running + " sqs:DeleteMessageBatch",
		"orderops dlq purge --not-archived": "sqs:GetQueueAttributes sqs:ListMessageMoveTasks sqs:PurgeQueue",
		"orderops dlq import":               "sqs:GetQueueAttributes sqs:SendMessageBatch",
		"orderops dlq restore":              "sqs:GetQueueAttributes sqs:SendMessageBatch",
		"orderops dlq moves":                "sqs:GetQueueAttributes sqs:ListMessageMoveTasks",
		"orderops apply":                    redriving + " sqs:ListDeadLetterSourceQueues sqs:StartMessageMoveTask states:RedriveExecution",
		"orderops dlq finish":               redriving,
		"orderops dlq finish --verify":      running + " sqs:DeleteMessageBatch",
		"orderops dlq journal":              "",
		"orderops audit show":               "",
	}
}

// TestParityOfCalls plays commands against an AWS that records, and wants every
// call to be known.
func TestParityOfCalls(t *testing.T) {
	t.Parallel()
	settings := config.Default()
	// Long enough to stop an execution while it waits, on a busy machine too.
	settings.Wait = 15 * time.Second
	settings.Local, settings.Seed, settings.PaymentFailureRate, settings.RestaurantFailureRate = true, 7, 0, 0
	l, url := servedHere(t, settings, func(cloud http.Handler) http.Handler { return cloud })
	made := map[string]int{}
	environment := hermetic("1")
	play := func(command string, args ...string) outcome {
		got := commandIn(t, environment, append(append(strings.Fields(command)[1:], args...), "--endpoint-url", url)...)
		calls := l.Cloud.Calls("orderops")
		for call, n := range calls {
			if n > made[call] && !slices.Contains(strings.Fields(connecting+" "+commandCalls()[command]), call) {
				t.Errorf("%q makes the call %s, which commandCalls does not know", command, call)
			}
		}
		made = maps.Clone(calls)
		return got
	}
	id := func(got outcome) string {
		var submitted submitted
		if err := json.Unmarshal([]byte(got.stdout), &submitted); err != nil {
			t.Fatalf("%v: %+v", err, got)
		}
		return submitted.Order
	}
	file := filepath.Join(t.TempDir(), "orders.jsonl")
	if err := os.WriteFile(file, []byte(`{"user_id":"Ada","quantity":"1","restaurant_id":"r"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	succeeded := id(play("orderops submit", "--user", "Burger_20", "--quantity", "1", "--restaurant", "r"))
	play("orderops submit --file", file)
	eventually(t, "succeeded execution", func() bool { return strings.Contains(play("orderops executions show", succeeded).stdout, "SUCCEEDED") })
	play("orderops status")
	play("orderops status --no-metrics")
	play("orderops trace", succeeded)
	play("orderops trace", "Burger_20")
	play("orderops orders list")
	play("orderops orders show", succeeded)
	play("orderops orders watch", "--timeout", "3s")
	play("orderops orders export")
	play("orderops executions list")
	play("orderops executions history", succeeded)
	play("orderops executions logs", succeeded)
	play("orderops executions graph", succeeded)
	play("orderops executions watch", "--timeout", "3s")
	stopped := id(play("orderops submit", "--user", "Burger_20", "--quantity", "1", "--restaurant", "r"))
	eventually(t, "running execution", func() bool { return play("orderops executions stop", stopped, "--yes").code == 0 })
	play("orderops executions redrive", stopped, "--yes")
	play("orderops executions rerun", succeeded, "--yes")
	play("orderops consumer status")
	play("orderops consumer pause", "--yes", "--typed", orderQueue)
	eventually(t, "disabled consumer", func() bool { return strings.Contains(play("orderops consumer status").stdout, "Disabled") })
	play("orderops consumer resume", "--yes")

	client := sqs.NewFromConfig(awssdk.Config{Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("SECONDOPERATOR", "local", "")})
	var letters []string
	for i := range 6 {
		body := "no order"
		if i%2 == 0 {
			body = order("Ada", 1, "r")
		}
		sent, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: new(url + "/000000000000/" + deadLetterQueue), MessageBody: &body})
		if err != nil {
			t.Fatal(err)
		}
		letters = append(letters, *sent.MessageId)
	}
	typed := []string{"--yes", "--typed", deadLetterQueue}
	play("orderops dlq inspect")
	play("orderops dlq show", letters[0])
	play("orderops dlq export")
	play("orderops dlq plan", letters[0])
	play("orderops dlq move --keep", letters[0], "--to", orderQueue, "--yes", "--typed", orderQueue)
	play("orderops dlq delete", append(typed, letters[0])...)
	play("orderops dlq edit", letters[1], "--yes", "--timeout", "10s", "--body", file)
	play("orderops dlq edit --dry-run", letters[3], "--body", file)
	play("orderops dlq redrive", append(typed, letters[2], "--timeout", "10s")...)
	play("orderops dlq redrive --all", append(typed, "--rate", "1")...)
	play("orderops dlq cancel", "--yes")
	play("orderops dlq moves")
	play("orderops dlq purge", typed...)
	play("orderops dlq restore", "--yes")
	saved := filepath.Join(t.TempDir(), "plan.json")
	play("orderops dlq purge", "--dry-run", "--plan", saved)
	play("orderops apply", append(typed, saved)...)
	exported := filepath.Join(t.TempDir(), "letters.jsonl")
	if err := os.WriteFile(exported, []byte(`{"message":"m","body":"x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	play("orderops dlq import", append(typed, exported)...)
	play("orderops dlq purge --not-archived", typed...)
	play("orderops dlq journal")
	play("orderops audit show")
	if made["sqs:StartMessageMoveTask"] == 0 || made["sqs:PurgeQueue"] == 0 || made["sqs:SendMessageBatch"] == 0 || made["sqs:DeleteMessageBatch"] == 0 || made["states:RedriveExecution"] == 0 || made["states:StartExecution"] == 0 || made["lambda:UpdateEventSourceMapping"] < 2 {
		t.Errorf("the commands that change something did not: %v", made)
	}
}

// TestParityOfPermissions wants the policy of the highest tier to allow what any
// action does.
func TestParityOfPermissions(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable()...)
	policy := command(t, "iam", "admin", "--endpoint-url", s.url)
	if policy.code != 0 {
		t.Fatalf("%+v", policy)
	}
	for command, calls := range commandCalls() {
		for _, action := range permissions(connecting + " " + calls) {
			if !strings.Contains(policy.stdout, `"`+action+`"`) {
				t.Errorf("%s needs %s, which orderops iam admin does not allow", command, action)
			}
		}
	}
}
