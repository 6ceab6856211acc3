package conformance

import (
	"strings"
	"time"
)

// controlScripts replay Step Functions' control plane.
func controlScripts() map[string]script {
	return map[string]script{
		"test_create_delete_valid_sm":                        createAndDelete,
		"test_create_delete_invalid_sm":                      createInvalid,
		"test_delete_nonexistent_sm":                         deleteMissing,
		"test_create_exact_duplicate_sm":                     createTwice,
		"test_create_duplicate_definition_format_sm":         createWithOtherFormat,
		"test_create_duplicate_sm_name":                      createWithOtherDefinition,
		"test_list_sms":                                      listMachines,
		"test_start_execution":                               startExecution,
		"test_invalid_start_execution_arn":                   startMissingMachine,
		"test_invalid_start_execution_input":                 startWithInvalidInput,
		"test_stop_execution":                                stopExecution,
		"test_describe_execution":                            describeExecution,
		"test_describe_execution_arn_containing_punctuation": describeExecution,
		"test_describe_sm_arn_containing_punctuation":        describeMachine,
		"test_get_execution_history_reversed":                readHistoryBothWays,
		"test_describe_invalid_arn_sm": func(s *session) {
			s.expect("exception", s.call("states", "DescribeStateMachine", members{"stateMachineArn": "not_a_valid_arn"}))
		},
		"test_describe_execution_invalid_arn": func(s *session) {
			s.expect("exception", s.call("states", "DescribeExecution", members{"executionArn": "invalid_state_machine_arn"}))
		},
		"test_get_execution_history_invalid_arn": func(s *session) {
			s.expect("exception", s.call("states", "GetExecutionHistory", members{"executionArn": "invalid_state_machine_arn"}))
		},
		"test_list_execution_no_such_state_machine": func(s *session) {
			arn := "arn:aws:states:" + region + ":" + account + ":stateMachine:none"
			s.meet("ssm_nonexistent_arn", arn)
			s.expect("exception", s.call("states", "ListExecutions", members{"stateMachineArn": arn}))
		},
		"test_describe_execution_no_such_state_machine": func(s *session) {
			s.expect("exception", s.call("states", "DescribeExecution", members{"executionArn": s.missingExecution()}))
		},
		"test_get_execution_history_no_such_execution": func(s *session) {
			s.expect("exception", s.call("states", "GetExecutionHistory", members{"executionArn": s.missingExecution()}))
		},
	}
}

func (s *session) missingExecution() string {
	arn := "arn:aws:states:" + region + ":" + account + ":execution:machine:none"
	s.meet("invalid_execution_arn", arn)
	return arn
}

// create makes the recording's machine under a name and compares the answer.
func (s *session) create(key, name string) (arn any) {
	s.t.Helper()
	a := s.call("states", "CreateStateMachine", s.machine(name, s.definition()))
	s.expect(key, a)
	return a.body["stateMachineArn"]
}

// start starts an execution without an input and compares the answer.
func (s *session) start(machine any) (arn any) {
	s.t.Helper()
	a := s.call("states", "StartExecution", members{"stateMachineArn": machine})
	s.expect("exec_resp", a)
	return a.body["executionArn"]
}

func (s *session) describe(key string, machine any) {
	s.t.Helper()
	s.expect(key, s.call("states", "DescribeStateMachine", members{"stateMachineArn": machine}))
}

func createAndDelete(s *session) {
	arn := s.create("creation_resp_1", "machine")
	s.expect("deletion_resp_1", s.call("states", "DeleteStateMachine", members{"stateMachineArn": arn}))
}

func createInvalid(s *session) {
	s.expect("invalid_definition_1", s.call("states", "CreateStateMachine", s.machine("machine", s.definition())))
}

func deleteMissing(s *session) {
	arn, _ := s.must("states", "CreateStateMachine", s.machine("machine", s.definition()))["stateMachineArn"].(string)
	s.expect("deletion_resp_1", s.call("states", "DeleteStateMachine", members{"stateMachineArn": arn + "-2"}))
}

func createTwice(s *session) {
	first := s.create("creation_resp_1", "machine")
	s.describe("describe_resp_1", first)
	second := s.create("creation_resp_2", "machine")
	s.describe("describe_resp_2", second)
	s.describe("describe_resp_1_2", first)
}

func createWithOtherFormat(s *session) {
	s.describe("describe_resp_1", s.create("creation_resp_1", "machine"))
	request := s.machine("machine", s.definition())
	definition, _ := request["definition"].(string)
	request["definition"] = strings.ReplaceAll(definition, ",", ",\n    ")
	s.expect("already_exists_1", s.call("states", "CreateStateMachine", request))
}

func createWithOtherDefinition(s *session) {
	s.describe("describe_resp_1", s.create("creation_resp_1", "machine"))
	definition := s.definition()
	definition["Comment"] = "another one"
	s.expect("already_exists_1", s.call("states", "CreateStateMachine", s.machine("machine", definition)))
}

func listMachines(s *session) {
	arns := []any{s.create("creation_resp_0", "a"), s.create("creation_resp_1", "b"), s.create("creation_resp_2", "c")}
	s.expectValue("lst_resp_filter", s.must("states", "ListStateMachines", members{})["stateMachines"])
	for i, key := range []string{"deletion_resp_0", "deletion_resp_1", "deletion_resp_2"} {
		s.expect(key, s.call("states", "DeleteStateMachine", members{"stateMachineArn": arns[i]}))
	}
	s.expectValue("lst_resp_del_filter", s.must("states", "ListStateMachines", members{})["stateMachines"])
}

func startExecution(s *session) {
	machine := s.create("creation_resp", "machine")
	execution := s.start(machine)
	s.await(execution, nil)
	s.expect("exec_list_resp", s.call("states", "ListExecutions", members{"stateMachineArn": machine}))
	s.expect("exec_hist_resp", s.call("states", "GetExecutionHistory", members{"executionArn": execution}))
}

func startMissingMachine(s *session) {
	arn, _ := s.create("creation_resp", "machine").(string)
	s.must("states", "DeleteStateMachine", members{"stateMachineArn": arn})
	missing := strings.Replace(arn, ":machine", ":statemachine_invalid_machine", 1)
	s.expect("start_exec_of_deleted", s.call("states", "StartExecution", members{"stateMachineArn": missing}))
}

func startWithInvalidInput(s *session) {
	machine := s.create("creation_resp", "machine")
	for _, test := range []struct{ key, input string }{
		{"start_exec_str_inp", "not some json"},
		{"start_exec_not_json_inp", "{'not': 'json'"},
		{"start_res_empty", ""},
		{"start_res_num", "2"},
		{"start_res_str", `"some text"`},
		{"start_res_null", "null"},
	} {
		s.expect(test.key, s.call("states", "StartExecution", members{"stateMachineArn": machine, "input": test.input}))
	}
}

func stopExecution(s *session) {
	execution := s.start(s.create("creation_resp", "machine"))
	time.Sleep(time.Second)
	s.expect("stop_res", s.call("states", "StopExecution", members{"executionArn": execution}))
	s.await(execution, nil)
	s.expect("exec_hist_resp", s.call("states", "GetExecutionHistory", members{"executionArn": execution}))
}

// describeExecution also serves the test with punctuation in names.
func describeExecution(s *session) {
	name := "machine"
	if strings.Contains(s.recording.test, "punctuation") {
		name = "state.machine_name-1"
	}
	execution := s.start(s.create("creation_resp", name))
	s.await(execution, nil)
	s.expect("describe_execution", s.call("states", "DescribeExecution", members{"executionArn": execution}))
}

func describeMachine(s *session) {
	s.describe("describe_resp", s.create("creation_resp", "state.machine_name-1"))
}

func readHistoryBothWays(s *session) {
	machine := s.must("states", "CreateStateMachine", s.machine("machine", s.definition()))["stateMachineArn"]
	execution := s.must("states", "StartExecution", members{"stateMachineArn": machine})["executionArn"]
	s.await(execution, nil)
	s.expect("get_execution_history_reverseOrder[False]", s.call("states", "GetExecutionHistory", members{"executionArn": execution}))
	s.expect("get_execution_history_reverseOrder[True]", s.call("states", "GetExecutionHistory", members{"executionArn": execution, "reverseOrder": true}))
}
