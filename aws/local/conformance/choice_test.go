package conformance

import (
	"fmt"
	"strings"
)

// choose replays the cases of one comparison operator: a machine of its own for
// each, that compares $.Variable with the value or with $.Value.
func (s *session) choose() {
	s.t.Helper()
	operator := operatorName(s.recording.name())
	recorded, _ := s.recording.answers["cases"].([]any)
	cases := make([]any, len(recorded))
	for i := range recorded {
		one, _ := recorded[i].(members)
		input := s.caseInput(one["input"], i, len(recorded))
		value := input["Value"]
		if strings.HasSuffix(operator, "Path") {
			value = "$.Value"
		}
		created := s.call("states", "CreateStateMachine", s.machine(fmt.Sprintf("machine_%d", i), choiceMachine(operator, value)))
		machine, ok := created.body["stateMachineArn"]
		if !ok {
			s.differ("CreateStateMachine", "%s", created.message())
			return
		}
		execution := s.must("states", "StartExecution", members{"stateMachineArn": machine, "input": s.encode(input)})["executionArn"]
		s.await(execution, nil)
		described := s.must("states", "DescribeExecution", members{"executionArn": execution})
		cases[i] = members{"input": one["input"], "output": described["output"]}
	}
	s.expectValue("cases", cases)
}

// operatorName makes IsBoolean of test_is_boolean.
func operatorName(test string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(strings.TrimPrefix(test, "test_"), "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func choiceMachine(operator string, value any) members {
	result := func(name string) members {
		return members{"Type": "Pass", "Result": members{"TestResult.$": name}, "End": true}
	}
	return members{"StartAt": "Check", "States": members{
		"Check": members{
			"Type": "Choice", "Default": "ConditionFalse",
			"Choices": []any{members{"Variable": "$.Variable", operator: value, "Next": "ConditionTrue"}},
		},
		"ConditionTrue": result("ConditionTrue"), "ConditionFalse": result("ConditionFalse"),
	}}
}

// caseInput is the input of a case. The recordings hide timestamps: the tests
// compare an earlier and a later one, both ways and with itself.
func (s *session) caseInput(recorded any, i, of int) members {
	s.t.Helper()
	input, ok := recorded.(members)
	if !ok {
		s.t.Fatalf("case %d has no input", i)
	}
	const earlier, later = "2012-10-09T19:00:55Z", "2012-10-09T19:00:56Z"
	variable, value := earlier, earlier
	switch {
	case of == 1 && strings.Contains(s.recording.name(), "greater"), of >= 3 && i == of-2:
		value = later
	case of == 1, of >= 3 && i == of-1:
		variable = later
	}
	filled := members{"Variable": input["Variable"], "Value": input["Value"]}
	if filled["Variable"] == "date" {
		filled["Variable"] = variable
	}
	if filled["Value"] == "date" {
		filled["Value"] = value
	}
	return filled
}
