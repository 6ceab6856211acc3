package conformance

import (
	"net/http"
	"strings"
	"time"
)

// execute replays one execution: the recorded machine, input and functions.
func (s *session) execute() {
	s.t.Helper()
	s.bindTimes()
	history := s.history()
	s.perform(history)
	created := s.call("states", "CreateStateMachine", s.machine("machine", s.definition()))
	if _, refused := s.recording.answers["exception"]; refused {
		s.expect("exception", created)
		return
	}
	if created.status >= http.StatusMultipleChoices {
		s.differ("CreateStateMachine", "%s", created.message())
		return
	}
	if s.logs() {
		s.executeLogged(created.body["stateMachineArn"], history)
		return
	}
	s.observe(s.run(created.body["stateMachineArn"], "execution", history))
}

// run starts an execution with the recorded input and waits for its end.
func (s *session) run(machine any, name string, history []members) (execution any) {
	s.t.Helper()
	request := members{"stateMachineArn": machine, "name": name, "input": "{}"}
	if len(history) > 0 {
		started, _ := history[0]["executionStartedEventDetails"].(members)
		request["input"] = s.input(started["input"])
	}
	execution = s.must("states", "StartExecution", request)["executionArn"]
	s.await(execution, history)
	return execution
}

// observe compares what the API tells of an execution.
func (s *session) observe(execution any) {
	s.t.Helper()
	for key := range s.recording.answers {
		switch key {
		case "describe_execution":
			s.expect(key, s.call("states", "DescribeExecution", members{"executionArn": execution}))
		case "get_execution_history":
			s.expect(key, s.call("states", "GetExecutionHistory", members{"executionArn": execution}))
		}
	}
}

// machine is a request for a state machine. Some tests bind its name and ARN.
func (s *session) machine(name string, definition members) members {
	request := members{"name": name, "roleArn": roleARN, "definition": s.encode(definition)}
	s.bound["snf_role_arn"] = roleARN
	if s.logs() {
		level, data := "ALL", strings.HasSuffix(s.recording.parameters(), "_True")
		for _, other := range []string{"ERROR", "FATAL", "OFF"} {
			if strings.Contains(s.recording.parameters(), "_"+other+"_") {
				level = other
			}
		}
		request["loggingConfiguration"] = members{
			"level": level, "includeExecutionData": data,
			"destinations": []any{members{"cloudWatchLogsLogGroup": members{
				"logGroupArn": "arn:aws:logs:" + region + ":" + account + ":log-group:" + logGroup + ":*",
			}}},
		}
	}
	return request
}

// input is the input of a recorded execution, with a value for every placeholder.
func (s *session) input(recorded any) string {
	if object, ok := recorded.(members); ok {
		switch object["TimestampValue"] {
		case "date", "timestamp":
			return s.encode(members{"TimestampValue": timestamp(s.recording.parameters())})
		}
	}
	return s.text(recorded)
}

// bindTimes gives the times that a test made of the present.
func (s *session) bindTimes() {
	now := time.Now().UTC()
	switch s.recording.name() {
	case "test_wait_timestamppath":
		s.bound["<timestamp>"] = now.Format("2006-01-02T15:04:05") + s.recording.parameters()
	case "test_timestamp_too_far_in_future_boundary":
		days := 24855
		if s.recording.parameters() == "24856" {
			days++
		}
		s.bound["<timestamp>"] = now.AddDate(0, 0, days).Format("2006-01-02T15:04:05") + ".000Z"
	}
}

// await waits for the end of an execution, or a while for one that was recorded
// while it ran.
func (s *session) await(execution any, history []members) {
	s.t.Helper()
	if len(history) > 0 {
		if last, _ := history[len(history)-1]["type"].(string); !strings.HasPrefix(last, "Execution") {
			time.Sleep(time.Minute)
			return
		}
	}
	for range 600 {
		if s.must("states", "DescribeExecution", members{"executionArn": execution})["status"] != "RUNNING" {
			return
		}
		time.Sleep(time.Second)
	}
	s.differ("execution", "it does not end")
}
