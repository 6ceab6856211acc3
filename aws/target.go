package aws

import (
	"reflect"
	"slices"
)

// targetOf is what a call is about: the first of the inputs that name a
// resource. Bodies and handles of messages are none of them.
func targetOf(input any) string {
	v := reflect.Indirect(reflect.ValueOf(input))
	if v.Kind() != reflect.Struct {
		return ""
	}
	for _, name := range []string{
		"QueueUrl", "ExecutionArn", "StateMachineArn", "SourceArn", "TopicArn", "LogGroupName", "EventSourceArn", "FunctionName", "TableName", "StackName", "QueueName",
	} {
		field := v.FieldByName(name)
		if !field.IsValid() || field.Kind() != reflect.Pointer || field.IsNil() || field.Elem().Kind() != reflect.String {
			continue
		}
		return field.Elem().String()
	}
	// BatchGetItem names its table as a key.
	if items := v.FieldByName("RequestItems"); items.IsValid() && items.Kind() == reflect.Map {
		var names []string
		for _, key := range items.MapKeys() {
			names = append(names, key.String())
		}
		if len(names) > 0 {
			return slices.Min(names)
		}
	}
	return ""
}
