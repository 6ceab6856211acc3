package stepfunctions_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/google/go-cmp/cmp"
)

// records keeps what is logged and measured, in order.
type records struct {
	mu sync.Mutex
	// logs are "group: message", streams "group: stream", metrics "metric value".
	logs, streams, metrics []string
}

func (r *records) Put(group, stream string, _ time.Time, message []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.logs = append(r.logs, group+": "+string(message))
	r.streams = append(r.streams, stream)
}

func (r *records) Observe(_, metric, _ string, _ time.Time, value float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.metrics = append(r.metrics, fmt.Sprint(metric, " ", value))
}

func logging(level string, data bool) *types.LoggingConfiguration {
	return &types.LoggingConfiguration{
		Level: types.LogLevel(level), IncludeExecutionData: data,
		Destinations: []types.LogDestination{{CloudWatchLogsLogGroup: &types.CloudWatchLogsLogGroup{
			LogGroupArn: new("arn:aws:logs:us-east-1:000000000000:log-group:/orders:*"),
		}}},
	}
}

// logged makes and runs a machine and tells its log records, without what is
// the same in each.
func (c *cloud) logged(definition string, l *types.LoggingConfiguration) []string {
	c.t.Helper()
	machine, err := c.CreateStateMachine(c.t.Context(), &sfn.CreateStateMachineInput{
		Name: new("M"), Definition: &definition, RoleArn: new(roleARN), LoggingConfiguration: l,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.start(*machine.StateMachineArn, "one", `{"a":"<&>"}`)
	time.Sleep(time.Minute)
	synctest.Wait()
	var all []string
	const same = `,"event_timestamp":"1795435200000","execution_arn":"arn:aws:states:us-east-1:000000000000:execution:M:one","redrive_count":"0"}`
	for _, text := range c.records.logs {
		short, ok := strings.CutSuffix(text, same)
		if !ok {
			c.t.Errorf("record %s", text)
		}
		all = append(all, strings.TrimPrefix(short, "/orders: "))
	}
	return all
}

// TestLogRecords: the records of each level (recorded on AWS).
func TestLogRecords(t *testing.T) {
	t.Parallel()
	const (
		fails  = `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}}`
		passes = `{"StartAt":"P","States":{"P":{"Type":"Pass","Result":1,"End":true}}}`
		role   = `"roleArn":"` + roleARN + `"`
	)
	for name, test := range map[string]struct {
		definition, level string
		data              bool
		want              []string
	}{
		"all with data": {passes, "ALL", true, []string{
			`{"id":"1","type":"ExecutionStarted","details":{"input":"{\"a\":\"<&>\"}","inputDetails":{"truncated":false},` + role + `},"previous_event_id":"0"`,
			`{"id":"2","type":"PassStateEntered","details":{"input":"{\"a\":\"<&>\"}","inputDetails":{"truncated":false},"name":"P"},"previous_event_id":"0"`,
			`{"id":"3","type":"PassStateExited","details":{"name":"P","output":"1","outputDetails":{"truncated":false}},"previous_event_id":"2"`,
			`{"id":"4","type":"ExecutionSucceeded","details":{"output":"1","outputDetails":{"truncated":false}},"previous_event_id":"3"`,
		}},
		"all without data": {passes, "ALL", false, []string{
			`{"id":"1","type":"ExecutionStarted","details":{` + role + `},"previous_event_id":"0"`,
			`{"id":"2","type":"PassStateEntered","details":{"name":"P"},"previous_event_id":"0"`,
			`{"id":"3","type":"PassStateExited","details":{"name":"P"},"previous_event_id":"2"`,
			`{"id":"4","type":"ExecutionSucceeded","details":{},"previous_event_id":"3"`,
		}},
		"error": {fails, "ERROR", false, []string{
			`{"id":"2","type":"FailStateEntered","details":{"name":"F"},"previous_event_id":"0"`,
			`{"id":"3","type":"ExecutionFailed","details":{"cause":"C","error":"E"},"previous_event_id":"2"`,
		}},
		"fatal": {fails, "FATAL", true, []string{
			`{"id":"3","type":"ExecutionFailed","details":{"cause":"C","error":"E"},"previous_event_id":"2"`,
		}},
		"error of a success": {passes, "ERROR", true, nil},
		"off":                {fails, "OFF", true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCloud(t, nil, func(c *cloud) {
				if diff := cmp.Diff(test.want, c.logged(test.definition, logging(test.level, test.data))); diff != "" {
					c.t.Error(diff)
				}
			})
		})
	}
}

// TestLogStream: a machine's executions write to one stream, named as AWS names them.
func TestLogStream(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		c.logged(waits, logging("FATAL", true))
		if len(c.records.streams) != 0 {
			c.t.Errorf("logged %v", c.records.logs)
		}
	})
	inCloud(t, nil, func(c *cloud) {
		c.logged(`{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}`, logging("ALL", true))
		shape := regexp.MustCompile(`^states/M/2026-11-23-12-00/[0-9a-f]{8}$`)
		for _, stream := range c.records.streams {
			if !shape.MatchString(stream) || stream != c.records.streams[0] {
				c.t.Errorf("stream %s", stream)
			}
		}
	})
}

// TestLogOfRedrive: records go on in the same history and tell the redrive.
func TestLogOfRedrive(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		c.logged(`{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}`, logging("ALL", false))
		if err := c.redrive("arn:aws:states:us-east-1:000000000000:execution:M:one", "t"); err != nil {
			c.t.Fatal(err)
		}
		text := strings.Join(c.records.logs[3:], "\n")
		for _, want := range []string{`{"id":"4","type":"ExecutionRedriven","details":{"redriveCount":1}`, `{"id":"6","type":"ExecutionFailed"`, `"redrive_count":"1"`} {
			if !strings.Contains(text, want) {
				c.t.Errorf("no %s in\n%s", want, text)
			}
		}
	})
}

// TestMetrics counts starts and ends, and measures the time between them.
func TestMetrics(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		c.start(c.machine("W", waits), "one", "{}")
		time.Sleep(time.Minute)
		failed := c.start(c.machine("F", `{"StartAt":"F","States":{"F":{"Type":"Fail"}}}`), "one", "{}")
		synctest.Wait()
		if err := c.redrive(failed, "t"); err != nil {
			c.t.Fatal(err)
		}
		stopped := c.start(c.machine("W", waits), "two", "{}")
		time.Sleep(time.Second)
		if _, err := c.StopExecution(c.t.Context(), &sfn.StopExecutionInput{ExecutionArn: &stopped}); err != nil {
			c.t.Fatal(err)
		}
		want := []string{
			"ExecutionsStarted 1", "ExecutionsSucceeded 1", "ExecutionTime 30000",
			"ExecutionsStarted 1", "ExecutionsFailed 1", "ExecutionTime 0",
			"ExecutionsRedriven 1", "ExecutionsFailed 1", "ExecutionTime 0",
			"ExecutionsStarted 1", "ExecutionsAborted 1", "ExecutionTime 1000",
		}
		if diff := cmp.Diff(want, c.records.metrics); diff != "" {
			c.t.Error(diff)
		}
	})
}

// TestLoggingRefused: logs need one place to go to, and describing tells them again.
func TestLoggingRefused(t *testing.T) {
	t.Parallel()
	inCloud(t, nil, func(c *cloud) {
		create := func(l *types.LoggingConfiguration) error {
			_, err := c.CreateStateMachine(c.t.Context(), &sfn.CreateStateMachineInput{
				Name: new("M"), Definition: new(waits), RoleArn: new(roleARN), LoggingConfiguration: l,
			})
			return err
		}
		none := logging("ALL", true)
		none.Destinations = nil
		if name, message := code(create(none)); name != "InvalidLoggingConfiguration" || message != "Invalid Logging Configuration: Must specify exactly one Log Destination." {
			c.t.Errorf("no destination: %s %s", name, message)
		}
		if name, _ := code(create(logging("LOUD", true))); name != "ValidationException" {
			c.t.Errorf("no level: %s", name)
		}
		if err := create(logging("ALL", true)); err != nil {
			c.t.Fatal(err)
		}
		if name, _ := code(create(logging("ALL", false))); name != "StateMachineAlreadyExists" {
			c.t.Errorf("another logging: %s", name)
		}
		out, err := c.DescribeStateMachine(c.t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: new("arn:aws:states:us-east-1:000000000000:stateMachine:M")})
		if err != nil {
			c.t.Fatal(err)
		}
		if *out.LoggingConfiguration.Destinations[0].CloudWatchLogsLogGroup.LogGroupArn != "arn:aws:logs:us-east-1:000000000000:log-group:/orders:*" || out.LoggingConfiguration.Level != "ALL" {
			c.t.Errorf("described as %v", out.LoggingConfiguration)
		}
	})
}
