package deploy_test

import (
	"maps"
	"strconv"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"orderops/workflow/operation/journal"
)

// count compares what came in with what there is now. It asks AWS, not the tool,
// and then whether the tool's own account agrees.
func (s *story) count(t *testing.T) {
	t.Helper()
	for name, count := range map[string]int{"OrderQueueUrl": 0, "OrderDLQueueUrl": len(s.poison)} {
		visible, hidden := s.attribute(t, name, "ApproximateNumberOfMessages"), s.attribute(t, name, "ApproximateNumberOfMessagesNotVisible")
		if visible != strconv.Itoa(count) || hidden != "0" {
			t.Errorf("%s has %s messages and %s in flight, want %d", name, visible, hidden, count)
		}
	}
	dead := map[string]bool{}
	for _, letter := range s.inspect(t) {
		dead[string(letter.Body)] = true
	}
	if !maps.Equal(dead, s.poison) {
		t.Errorf("dead letters %v, want %v", dead, s.poison)
	}
	names := map[string]bool{}
	for _, e := range s.executions(t) {
		if e.Status != sfntypes.ExecutionStatusSucceeded {
			t.Errorf("execution %s is %s", *e.Name, e.Status)
		}
		names[*e.Name] = true
	}
	rows := s.rows(t)
	users, statuses := map[string]bool{}, map[string]int{}
	for _, row := range rows {
		if users[row["user_id"]] || !s.valid[row["user_id"]] {
			t.Errorf("row of %s: it has another, or should have none", row["user_id"])
		}
		users[row["user_id"]] = true
		statuses[row["order_status"]]++
		if !names[row["id"]] || s.flaky.mails[row["id"]] == 0 {
			t.Errorf("order %s: execution %t, mails %d", row["id"], names[row["id"]], s.flaky.mails[row["id"]])
		}
	}
	if len(rows) != len(s.valid) || len(names) != len(s.valid) || len(s.flaky.mails) != len(s.valid) {
		t.Errorf("%d valid orders, %d rows, %d executions, mails of %d orders", len(s.valid), len(rows), len(names), len(s.flaky.mails))
	}
	if statuses["SUCCESS"]+statuses["FAILURE"] != len(s.valid) || statuses["SUCCESS"] == 0 || statuses["FAILURE"] == 0 {
		t.Errorf("statuses %v", statuses)
	}
	s.account(t)
	// The story is none if nothing went wrong.
	if s.flaky.before == 0 || s.flaky.after == 0 || s.flaky.deliveries <= len(s.flaky.delivered) || s.did["executions redriven"] == 0 ||
		s.did["letters already processed"] == 0 || s.did["letters execution failed"] == 0 || s.did["letters safe"] == 0 {
		t.Errorf("too little went wrong: %d, %d, %d deliveries, %v", s.flaky.before, s.flaky.after, s.flaky.deliveries, s.did)
	}
}

// account wants each message delivered that was sent, by customers or by the
// tool, each dead letter redriven, deleted or kept, and no run left open.
func (s *story) account(t *testing.T) {
	t.Helper()
	if sent := s.n + s.did["letters redriven"]; len(s.flaky.delivered) != sent {
		t.Errorf("%d messages were delivered of %d that were sent", len(s.flaky.delivered), sent)
	}
	dealt := s.did["letters redriven"] + s.did["letters deleted"] + len(s.poison)
	if dead := len(s.letters) + s.did["letters come again"]; dead != dealt {
		t.Errorf("%d dead letters, of which %d were dealt with: %v", dead, dealt, s.did)
	}
	open, err := s.desk.Unfinished()
	if err != nil || len(open) > 0 {
		t.Errorf("runs left open: %+v, %v", open, err)
	}
	runs, err := s.journal.Runs()
	if err != nil {
		t.Fatal(err)
	}
	written := map[journal.Stage]int{}
	for _, run := range runs {
		for _, item := range run.Items {
			written[item.Stage]++
		}
	}
	if want := map[journal.Stage]int{journal.Moved: s.did["letters redriven"], journal.Removed: s.did["letters deleted"]}; !maps.Equal(written, want) {
		t.Errorf("the journal tells %v, want %v", written, want)
	}
}

func (s *story) executions(t *testing.T) (all []sfntypes.ExecutionListItem) {
	t.Helper()
	pages := sfn.NewListExecutionsPaginator(sfn.NewFromConfig(s.config), &sfn.ListExecutionsInput{
		StateMachineArn: awssdk.String(s.outputs["OrderStateMachineArn"]), MaxResults: 1000,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Executions...)
	}
	return all
}

func (s *story) rows(t *testing.T) (all []map[string]string) {
	t.Helper()
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(s.config), &dynamodb.ScanInput{TableName: awssdk.String(s.outputs["DynamoDBTableName"])})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			row := map[string]string{}
			for name, value := range item {
				if text, ok := value.(*dynamodbtypes.AttributeValueMemberS); ok {
					row[name] = text.Value
				}
			}
			all = append(all, row)
		}
	}
	return all
}
