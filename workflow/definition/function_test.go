package definition_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow/definition"
)

func TestFunctions(t *testing.T) {
	t.Parallel()
	m, err := definition.Parse([]byte(`{"StartAt":"A","States":{
		"A":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:1:function:a","Next":"B"},
		"B":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"b:live"},"Next":"C"},
		"C":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Arguments":{"FunctionName":"c"},"Next":"D"},
		"D":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName.$":"$.f"},"Next":"E"},
		"E":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"{% $f %}"},"Next":"F"},
		"F":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"FunctionName":"x"},"Next":"G"},
		"G":{"Type":"Map","ItemProcessor":{"StartAt":"H","States":{
			"H":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:1:function:h","Next":"I"},
			"I":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:1:function:a","End":true}}},"End":true}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"arn:aws:lambda:eu-west-1:1:function:a", "b:live", "c", "arn:aws:lambda:eu-west-1:1:function:h"}
	if diff := cmp.Diff(want, m.Functions()); diff != "" {
		t.Error(diff)
	}
}
