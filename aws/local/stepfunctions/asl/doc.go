// Package asl reads and runs the part of the Amazon States Language that the
// order system and its kin use: Task on Lambda, Choice, Wait, Pass, Succeed and
// Fail, with JSONPath, Retry, Catch and time-outs.
package asl
