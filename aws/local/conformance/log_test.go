package conformance

import (
	"fmt"
	"strings"

	"orderops/aws/local"
)

// logGroup is where the recorded machines write their logs to.
const logGroup = "records"

// logs says whether the recording is of a machine that writes logs.
func (s *session) logs() bool { return strings.HasSuffix(s.recording.file, "test_logs") }

// executeLogged runs a machine as often as its test did, into a log group that
// one test has deleted, and compares every record. A test without recorded
// records had none.
func (s *session) executeLogged(machine any, history []members) {
	s.t.Helper()
	runs := 1
	switch s.recording.name() {
	case "test_deleted_log_group":
		s.observe(s.run(machine, "execution", history))
		return
	case "test_log_group_with_multiple_runs":
		runs = 3
	}
	err := s.cloud.Deploy(local.Deployment{Stack: "logs", Template: []byte(`Resources:
  Records: {Type: "AWS::Logs::LogGroup", Properties: {LogGroupName: ` + logGroup + `}}
`)})
	if err != nil {
		s.t.Fatal(err)
	}
	for i := range runs {
		s.observe(s.run(machine, fmt.Sprint("execution", i), history))
	}
	var records []any
	events, _ := s.must("logs", "FilterLogEvents", members{"logGroupName": logGroup})["events"].([]any)
	for _, event := range events {
		var record any
		message, _ := event.(members)["message"].(string)
		decode(s.t, "record", []byte(message), &record)
		records = append(records, record)
	}
	const key = "logged_execution_events"
	if _, recorded := s.recording.answers[key]; recorded {
		s.expectValue(key, records)
	} else if len(records) > 0 {
		s.differ(key, "%s instead of none", show(records))
	}
}
