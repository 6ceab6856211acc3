package conformance

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// scope says why a recording is out of scope, "" when it is in. It looks at the
// operation, the feature that the operation is asked for, and the types of
// state; never at the answer.
func (l *library) scope(r *recording) string {
	if len(r.answers) == 0 {
		return "nothing recorded"
	}
	for _, rule := range []struct{ file, reason string }{
		{"dynamodbstreams/", "DynamoDB Streams"},
		{"apigateway/", "mapping templates other than the order system's"},
		{"stepfunctions/v2/test_state/", "TestState"},
		{"stepfunctions/v2/test_sfn_api_validation", "ValidateStateMachineDefinition"},
		{"stepfunctions/v2/services/test_dynamodb_task_service", "integration with DynamoDB"},
		{"stepfunctions/v2/services/test_sns_task_service", "integration with SNS"},
		{"stepfunctions/v2/services/test_sqs_task_service", "integration with SQS"},
		{"stepfunctions/v2/error_handling/test_task_service_dynamodb", "integration with DynamoDB"},
		{"stepfunctions/v2/error_handling/test_task_service_sqs", "integration with SQS"},
	} {
		if strings.HasPrefix(r.file, rule.file) {
			return rule.reason
		}
	}
	switch service, _, _ := strings.Cut(r.file, "/"); service {
	case "sqs":
		return queueScope(r)
	case "lambda_":
		return sourceScope(r)
	case "dynamodb":
		return l.tableScope(r)
	}
	if strings.HasSuffix(r.file, "test_sfn_api") {
		return controlScope(r)
	}
	return l.machineScope(r)
}

// controlScope is the scope of Step Functions' control plane.
func controlScope(r *recording) string {
	switch {
	case strings.HasPrefix(r.name(), "test_create_update_state_machine"):
		return "UpdateStateMachine"
	case strings.HasPrefix(r.name(), "test_cloudformation"):
		return "CreateStack"
	case strings.Contains(r.name(), "sync_execution"):
		return "StartSyncExecution"
	case r.name() == "test_describe_state_machine_for_execution":
		return "DescribeStateMachineForExecution"
	case strings.Contains(r.name(), "versions"):
		return "versions of state machines"
	}
	return ""
}

// queueScope is the scope of SQS.
func queueScope(r *recording) string {
	switch {
	case strings.HasPrefix(r.parameters(), "sqs_query"):
		return "SQS over the query protocol"
	case strings.Contains(r.test, "fifo") && !strings.Contains(r.test, "standard_queue"), strings.Contains(r.test, "deduplication"):
		return "FIFO queues"
	case slices.Contains([]string{"test_set_queue_attributes_default_values", "test_sse_queue_attributes", "test_sse_kms_and_sqs_are_mutually_exclusive"}, r.name()):
		return "keys of KMS"
	case r.name() == "test_list_queues_pagination":
		return "not recorded on AWS (the addresses are an emulator's)"
	}
	return ""
}

// sourceScope is the scope of event sources: how they behave, but not the API
// that makes them, because here the template makes them.
func sourceScope(r *recording) string {
	switch r.name() {
	case "test_failing_lambda_retries_after_visibility_timeout", "test_message_body_and_attributes_passed_correctly",
		"test_redrive_policy_with_failing_lambda", "test_report_batch_item_failures_on_lambda_error",
		"test_report_batch_item_failures_invalid_result_json_batch_fails", "test_report_batch_item_failures_empty_json_batch_succeeds":
		return ""
	case "test_report_batch_item_failures":
		return "FIFO queues"
	case "test_sqs_queue_as_lambda_dead_letter_queue":
		return "asynchronous invocation of functions"
	}
	return "CreateEventSourceMapping"
}

// machineScope is the scope of an execution: everything that its definition uses.
func (l *library) machineScope(r *recording) string {
	switch r.name() {
	case "test_event_bridge_events_base":
		return "EventBridge"
	case "test_items_path":
		return "Map"
	}
	name := l.template(r)
	if name == "" {
		return ""
	}
	var definition any
	if json.Unmarshal(l.definitions[name], &definition) != nil {
		return ""
	}
	var found []string
	visit(definition, func(o map[string]any) { found = append(found, unsupported(o)...) })
	slices.Sort(found)
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

// unsupported names what one object of a definition has and the local AWS does
// not run.
func unsupported(o map[string]any) []string {
	var found []string
	for _, rule := range []struct{ member, value, reason string }{
		{"Type", "Map", "Map"},
		{"Type", "Parallel", "Parallel"},
		{"QueryLanguage", "JSONata", "JSONata"},
	} {
		if o[rule.member] == rule.value {
			found = append(found, rule.reason)
		}
	}
	if _, state := o["Type"].(string); !state {
		return append(found, intrinsics(o)...)
	}
	for member, reason := range map[string]string{
		"Assign": "variables", "Credentials": "Credentials", "HeartbeatSeconds": "heartbeats", "HeartbeatSecondsPath": "heartbeats",
	} {
		if _, ok := o[member]; ok {
			found = append(found, reason)
		}
	}
	resource, _ := o["Resource"].(string)
	if o["Type"] == "Task" && strings.HasPrefix(resource, "arn:aws:states:::") && resource != "arn:aws:states:::lambda:invoke" {
		found = append(found, "integration "+strings.TrimPrefix(resource, "arn:aws:states:::"))
	}
	// What stands in a result is data, not a call.
	call := map[string]any{}
	for name, value := range o {
		if name != "Result" {
			call[name] = value
		}
	}
	return append(found, intrinsics(call)...)
}

// intrinsics finds calls of intrinsic functions among the members of an object.
func intrinsics(o map[string]any) []string {
	for name, value := range o {
		text, ok := value.(string)
		if ok && strings.HasPrefix(text, "States.") && (strings.HasSuffix(name, ".$") || strings.HasSuffix(name, "Path")) {
			return []string{"intrinsic functions"}
		}
	}
	return nil
}

// visit gives every object of a definition; what a Pass state puts out as a
// fixed result is data and is passed over.
func visit(value any, each func(map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		each(value)
		for name, part := range value {
			if name != "Result" {
				visit(part, each)
			}
		}
	case []any:
		for _, part := range value {
			visit(part, each)
		}
	}
}

// template is the definition that the recording's machine was made from, "" when
// its test has none in a file. Where a test knows several, its parameter names one.
func (l *library) template(r *recording) string {
	if strings.Contains(r.file, "test_logs") {
		name, _, _ := strings.Cut(r.parameters(), ".json5")
		return "base/" + cmp.Or(name, "pass_result")
	}
	if r.name() == "test_choice_unsorted_parameters" {
		return "scenarios/choice_state_unsorted_choice_parameters"
	}
	if len(r.templates) == 0 {
		return ""
	}
	wanted := strings.ToLower(strings.TrimPrefix(r.parameters(), "ST."))
	switch wanted {
	case "illegal_wftt":
		wanted = "sqs_wait_for_task_token"
	case "choice_state_singleton_composite_literal_jsonata":
		wanted = "choice_state_singleton_composite_literal_string_jsonata"
	}
	for _, name := range r.templates {
		if strings.HasSuffix(name, "/"+wanted) {
			return name
		}
	}
	return r.templates[0]
}
