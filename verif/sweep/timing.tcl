# SPDX-License-Identifier: Apache-2.0
# Run by OpenSTA for one netlist (timing.cpp). Before it: liberty, netlist, top, period (in the library's unit), load,
# and the file `activity` with the registers' activities.
read_liberty $liberty
read_verilog $netlist
link_design $top

proc constrain {period load} {
  create_clock -name clk -period $period [get_ports clk_i]
  foreach port [all_inputs] {
    if {[get_property $port full_name] ne "clk_i"} {
      set_input_delay 0 -clock clk $port
    }
  }
  set_output_delay 0 -clock clk [all_outputs]
  set_input_transition 0.1 [all_inputs]
  set_load $load [all_outputs]
}

constrain $period $load
set_false_path -from [get_ports rst_ni]
puts "PATH"
report_checks -path_delay max -format full -digits 4
puts "END"
set path [lindex [find_timing_paths -path_delay max] 0]
set least [expr {$period - [get_property $path slack]}]
puts "LEAST $least"

# Power at that clock. OpenSTA 2.0.17's own set_power_activity fails for pins, and ends the program for inputs: what it
# calls is called here. What comes in has the program's default activity; it reaches no further than the first registers.
proc registers {activity pins} {
  foreach name $pins {
    set pin [::sta::find_pin $name]
    if {$pin eq "NULL"} {
      error "there is no pin $name"
    }
    ::sta::set_power_pin_activity $pin $activity 0.5
  }
}
create_clock -name clk -period $least [get_ports clk_i]
source $activity
puts "POWER"
report_power -digits 6
puts "END"
